import { describeGpu } from '../../compat/describe-host.ts';
import { formatCudaVersion } from '../../units/cuda-version.ts';
import type { Check } from '../check.ts';
import { joinWords } from '../describe-gpus.ts';
import {
  canCompileFor,
  findBestToolkit,
  findUsableToolkit,
  quote,
} from '../describe-llama-build.ts';

export const toolkitGpuCheck: Check = {
  id: 'toolkit-gpu',
  title: 'CUDA toolkit and GPU',
  group: 'cuda',
  needs: ['devices', 'nvcc'],
  run: (context) => {
    const { facts, devices } = context;
    const toolkit = facts.toolkits.find(
      ({ nvcc, version }) => nvcc !== undefined && version !== undefined,
    );
    if (toolkit?.version === undefined) {
      return { status: 'skip', summary: 'Nothing tells the version of the toolkit.' };
    }
    const { version } = toolkit;
    const left = devices.filter((device) => !canCompileFor(version, device));
    if (left.length === 0) {
      return {
        status: 'ok',
        summary: `Toolkit ${formatCudaVersion(version)} has code for every GPU here.`,
      };
    }
    const summary = `Toolkit ${formatCudaVersion(version)} has no code for ${joinWords(left.map(({ gpu }) => describeGpu(gpu)))}.`;
    const other = findUsableToolkit(context);
    if (other?.nvcc !== undefined) {
      return {
        status: 'warn',
        summary,
        fix: `Build with the one in ${other.root}.`,
        commands: [`export CUDACXX=${quote(other.nvcc)}`],
      };
    }
    const best = findBestToolkit(devices);
    return {
      status: 'warn',
      summary,
      fix:
        best === undefined
          ? 'Choose one of the GPUs with CUDA_VISIBLE_DEVICES: no toolkit has code for all of them with this driver.'
          : `Install CUDA toolkit ${formatCudaVersion(best)} beside it.`,
    };
  },
};
