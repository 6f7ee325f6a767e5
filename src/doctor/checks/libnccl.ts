import type { Check } from '../check.ts';
import { checkLibraryFamily } from '../check-library-family.ts';

export const libncclCheck: Check = {
  id: 'libnccl',
  title: 'NCCL (libnccl)',
  group: 'cuda',
  needs: ['linux'],
  run: (context) =>
    checkLibraryFamily(context, {
      name: 'NCCL',
      pattern: /^libnccl\.so/,
      createInstall: () => {
        const major = context.facts.driver.effectiveCudaVersion?.major ?? 12;
        return `pip install nvidia-nccl-cu${Math.min(13, Math.max(11, major))}`;
      },
    }),
};
