import type { Check } from '../check.ts';
import { checkLibraryFamily } from '../check-library-family.ts';

export const libcudartCheck: Check = {
  id: 'libcudart',
  title: 'CUDA runtime (libcudart)',
  group: 'cuda',
  needs: ['linux'],
  run: (context) =>
    checkLibraryFamily(context, {
      name: 'libcudart',
      pattern: /^libcudart\.so/,
      createInstall: (soname) => `pip install nvidia-cuda-runtime${wheelSuffix(soname)}`,
    }),
};

/** From CUDA 13 on the wheels have no suffix. */
function wheelSuffix(soname: string): string {
  const major = /\.so\.(\d{1,2})/.exec(soname)?.[1] ?? '12';
  return Number(major) >= 13 ? '' : `-cu${major}`;
}
