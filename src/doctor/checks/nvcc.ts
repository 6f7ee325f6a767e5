import { formatCudaVersion } from '../../units/cuda-version.ts';
import type { Check } from '../check.ts';
import { isBuildUseful } from '../check-context.ts';
import { findBestToolkit, findUsableToolkit } from '../describe-llama-build.ts';
import { createInstallCommand } from '../install-command.ts';

export const nvccCheck: Check = {
  id: 'nvcc',
  title: 'CUDA compiler',
  group: 'build',
  needs: ['devices'],
  run: (context) => {
    const { facts, devices } = context;
    const usable = findUsableToolkit(context);
    if (usable?.nvcc !== undefined)
      return {
        status: 'ok',
        summary: `${usable.nvcc} (${usable.fullVersion ?? 'version not told'}).`,
      };
    if (!isBuildUseful(context)) {
      return {
        status: 'skip',
        summary: 'None fits this driver and GPU, and there is nothing to build.',
      };
    }
    const best = findBestToolkit(devices);
    const version = best === undefined ? undefined : formatCudaVersion(best);
    const isThere = facts.toolkits.some(({ nvcc }) => nvcc !== undefined);
    return {
      status: 'warn',
      summary: isThere
        ? 'No CUDA compiler of this host makes code that runs on its GPU with its driver.'
        : 'There is no CUDA compiler: llama.cpp cannot be built for the GPU here.',
      fix:
        version === undefined
          ? 'Use a build made elsewhere.'
          : `Install CUDA toolkit ${version}, from NVIDIA's repository (https://developer.nvidia.com/cuda-toolkit-archive).`,
      commands:
        version === undefined
          ? []
          : [
              createInstallCommand(facts.platform, {
                apt: `cuda-toolkit-${version.replace('.', '-')}`,
                pacman: 'cuda',
              }),
            ],
    };
  },
};
