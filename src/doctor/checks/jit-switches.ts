import type { Check } from '../check.ts';

export const jitSwitchesCheck: Check = {
  id: 'jit-switches',
  title: 'CUDA_FORCE_PTX_JIT, CUDA_DISABLE_PTX_JIT',
  group: 'cuda',
  run: ({ facts: { environment } }) => {
    const { forcePtxJit, disablePtxJit } = environment;
    if (forcePtxJit) {
      return {
        status: 'warn',
        summary:
          'CUDA_FORCE_PTX_JIT=1: machine code is ignored, and what has no PTX fails with error 209.',
        fix: 'Unset it.',
        commands: ['unset CUDA_FORCE_PTX_JIT'],
      };
    }
    if (disablePtxJit) {
      return {
        status: 'warn',
        summary: 'CUDA_DISABLE_PTX_JIT=1: what has to be compiled fails with error 223.',
        fix: 'Unset it.',
        commands: ['unset CUDA_DISABLE_PTX_JIT'],
      };
    }
    return { status: 'ok', summary: 'Neither is set.' };
  },
};
