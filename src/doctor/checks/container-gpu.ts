import type { Check } from '../check.ts';

export const containerGpuCheck: Check = {
  id: 'container-gpu',
  title: 'GPU of the container',
  group: 'platform',
  run: ({ facts: { platform, environment, gpus } }) => {
    if (platform.container === undefined)
      return { status: 'skip', summary: 'This is no container.' };
    const { NVIDIA_VISIBLE_DEVICES: visible, NVIDIA_DRIVER_CAPABILITIES: capabilities } =
      environment.variables;
    const commands = ['docker run --gpus all -e NVIDIA_DRIVER_CAPABILITIES=compute,utility IMAGE'];
    if (visible === 'void' || visible === 'none') {
      return {
        status: 'warn',
        summary: `NVIDIA_VISIBLE_DEVICES=${visible}: the container was started without a GPU.`,
        fix: 'Start it with GPUs, if it is to have any.',
        commands,
      };
    }
    const parts = capabilities?.split(',').map((part) => part.trim());
    const isWhole = parts === undefined || parts.includes('all');
    if (!isWhole && !parts.includes('compute')) {
      return {
        status: 'fail',
        summary: `NVIDIA_DRIVER_CAPABILITIES=${capabilities} leaves out compute: CUDA is not in this container.`,
        fix: 'Start it with compute and utility.',
        commands,
      };
    }
    if (!isWhole && !parts.includes('utility')) {
      return {
        status: 'warn',
        summary: `NVIDIA_DRIVER_CAPABILITIES=${capabilities} leaves out utility: no nvidia-smi, no NVML.`,
        fix: 'Start it with compute and utility.',
        commands,
      };
    }
    return gpus.length === 0
      ? { status: 'skip', summary: `${platform.container}, without a GPU.` }
      : { status: 'ok', summary: `${platform.container} hands on ${gpus.length} GPU(s).` };
  },
};
