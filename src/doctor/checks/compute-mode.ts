import type { Check } from '../check.ts';

export const computeModeCheck: Check = {
  id: 'compute-mode',
  title: 'Compute mode',
  group: 'gpu',
  needs: ['driver', 'gpu'],
  stopsGpu: true,
  run: ({ facts: { gpus } }) => {
    const closed = gpus.find(({ computeMode }) => computeMode === 'prohibited');
    if (closed !== undefined) {
      return {
        status: 'fail',
        summary: `GPU ${closed.index} is in the compute mode "prohibited": CUDA may not use it.`,
        fix: 'Set it to the default mode.',
        commands: [`sudo nvidia-smi -i ${closed.index} -c DEFAULT`],
      };
    }
    const exclusive = gpus.find(({ computeMode }) => computeMode === 'exclusive-process');
    if (exclusive !== undefined) {
      return {
        status: 'warn',
        summary: `GPU ${exclusive.index} lets in one process at a time: a second model server fails.`,
        fix: 'Set it to the default mode, if more than one is to run.',
        commands: [`sudo nvidia-smi -i ${exclusive.index} -c DEFAULT`],
      };
    }
    const isTold = gpus.some(({ computeMode }) => computeMode !== undefined);
    if (!isTold) return { status: 'skip', summary: 'Nothing tells the mode.' };
    return { status: 'ok', summary: 'Any number of processes may use the GPU.' };
  },
};
