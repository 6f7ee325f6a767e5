import type { Check } from '../check.ts';
import { compareDotted } from '../compare-dotted.ts';

/** What the releases of llama.cpp and node-llama-cpp need, which are made on Ubuntu 22.04. */
const RELEASE_GLIBC = '2.34';

export const cLibraryCheck: Check = {
  id: 'c-library',
  title: 'C library',
  group: 'platform',
  needs: ['linux'],
  run: ({ facts: { cLibrary } }) => {
    const { kind, version } = cLibrary;
    if (kind === undefined) return { status: 'skip', summary: 'Nothing tells it.' };
    if (kind === 'musl') {
      return {
        status: 'warn',
        summary:
          `musl ${version ?? ''}: NVIDIA's driver and builds for glibc do not load here.`.replace(
            '  ',
            ' ',
          ),
        fix: 'Use a system or an image with glibc, such as Debian or Ubuntu.',
        commands: ['docker run --rm --gpus all ubuntu:24.04 nvidia-smi'],
      };
    }
    if (version !== undefined && compareDotted(version, RELEASE_GLIBC) < 0) {
      return {
        status: 'warn',
        summary: `glibc ${version}: releases of llama.cpp need ${RELEASE_GLIBC}.`,
        fix: 'Build llama.cpp on this system, or update it.',
      };
    }
    return { status: 'ok', summary: `glibc ${version ?? '(version not told)'}.` };
  },
};
