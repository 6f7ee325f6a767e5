import type { Check } from '../check.ts';
import { checkLibraryFamily } from '../check-library-family.ts';

export const libcublasCheck: Check = {
  id: 'libcublas',
  title: 'cuBLAS (libcublas, libcublasLt)',
  group: 'cuda',
  needs: ['linux'],
  run: (context) =>
    checkLibraryFamily(context, {
      name: 'cuBLAS',
      pattern: /^libcublas(?:Lt)?\.so/,
      createInstall: (soname) => {
        const major = /\.so\.(\d{1,2})/.exec(soname)?.[1] ?? '12';
        return `pip install nvidia-cublas${Number(major) >= 13 ? '' : `-cu${major}`}`;
      },
    }),
};
