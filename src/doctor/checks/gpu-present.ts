import type { PlatformFacts } from '../../probe/facts/platform-facts.ts';
import type { Check } from '../check.ts';
import { describeGpuList } from '../describe-gpus.ts';

export const gpuPresentCheck: Check = {
  id: 'gpu-present',
  title: 'NVIDIA GPU',
  group: 'gpu',
  run: ({ facts: { gpus, platform } }) => {
    if (gpus.length > 0) return { status: 'ok', summary: `${describeGpuList(gpus)}.` };
    if (platform.platform === 'darwin') return { status: 'skip', summary: 'macOS has no CUDA.' };
    return {
      status: 'warn',
      summary: 'There is no NVIDIA GPU here: models run on the processor.',
      ...describeWay(platform),
    };
  },
};

function describeWay({ service, isWsl, container }: PlatformFacts): {
  readonly fix: string;
  readonly commands?: readonly string[];
} {
  if (service === 'colab') {
    return { fix: 'Choose a GPU with Runtime > Change runtime type > T4 GPU.' };
  }
  if (service === 'kaggle') {
    return { fix: 'Choose a GPU in the notebook, under Settings > Accelerator.' };
  }
  if (isWsl) {
    return {
      fix: "Install NVIDIA's driver in Windows, none in WSL, then restart WSL from Windows.",
      commands: ['wsl.exe --shutdown'],
    };
  }
  if (container !== undefined) {
    return {
      fix: 'If the host has a GPU, start the container with it; else run on the processor.',
      commands: ['docker run --rm --gpus all ubuntu nvidia-smi'],
    };
  }
  return {
    fix: 'Run on the processor, or on a machine with a GPU.',
    commands: ['llcuda run "What is AI?" --gpu off'],
  };
}
