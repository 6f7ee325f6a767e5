import type { Check } from '../check.ts';

export const moduleLoadingCheck: Check = {
  id: 'module-loading',
  title: 'CUDA_MODULE_LOADING',
  group: 'cuda',
  run: ({ facts: { environment, driver } }) => {
    const value = environment.variables['CUDA_MODULE_LOADING'];
    if (value?.toUpperCase() === 'EAGER') {
      return {
        status: 'warn',
        summary: 'CUDA_MODULE_LOADING=EAGER: every kernel is loaded, or compiled, at the start.',
        fix: 'Unset it: a start takes longer with it, and more memory.',
        commands: ['unset CUDA_MODULE_LOADING'],
      };
    }
    const cuda = driver.effectiveCudaVersion;
    const isOld = cuda !== undefined && cuda.major === 11 && cuda.minor >= 7;
    if (value === undefined && isOld) {
      return {
        status: 'ok',
        summary: 'Eager with this driver; CUDA_MODULE_LOADING=LAZY starts faster.',
      };
    }
    return { status: 'ok', summary: value === undefined ? 'It is not set.' : `${value}.` };
  },
};
