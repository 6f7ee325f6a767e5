import type { Check } from '../check.ts';

export const eccCheck: Check = {
  id: 'ecc',
  title: 'Memory errors of the GPU (ECC)',
  group: 'gpu',
  needs: ['driver', 'gpu'],
  run: ({ facts: { gpus } }) => {
    const failing = gpus.find(({ ecc }) => (ecc.uncorrectedErrors ?? 0) > 0);
    if (failing !== undefined) {
      return {
        status: 'warn',
        summary: `GPU ${failing.index} had ${failing.ecc.uncorrectedErrors} memory error(s) that could not be corrected.`,
        fix: 'Reset the GPU or restart; if they come back, have it replaced.',
        commands: [`sudo nvidia-smi -i ${failing.index} --gpu-reset`],
      };
    }
    const modes = new Set(gpus.map(({ ecc }) => ecc.mode));
    if (modes.has('enabled')) return { status: 'ok', summary: 'ECC is on, without errors.' };
    if (modes.has('disabled')) {
      return { status: 'ok', summary: 'ECC is off: some more memory, and errors go unseen.' };
    }
    return { status: 'skip', summary: 'The GPU has no ECC, or nothing tells.' };
  },
};
