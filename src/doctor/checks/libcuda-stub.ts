import type { Check } from '../check.ts';
import { findFolder, findLibrary } from '../find-library.ts';

export const libcudaStubCheck: Check = {
  id: 'libcuda-stub',
  title: 'Stub of libcuda',
  group: 'cuda',
  needs: ['linux'],
  stopsGpu: true,
  run: ({ facts }) => {
    const { copies, loaded } = findLibrary(facts, 'libcuda.so.1');
    if (loaded?.kind === 'stub') {
      return {
        status: 'fail',
        summary: `${loaded.path} loads, a stub for linking: every call gives error 34.`,
        fix: `Take ${findFolder(loaded)} off LD_LIBRARY_PATH and out of /etc/ld.so.conf.d.`,
        commands: [
          `export LD_LIBRARY_PATH="$(printf %s "$LD_LIBRARY_PATH" | tr : '\\n' | grep -v /stubs | paste -sd:)"`,
        ],
      };
    }
    const isThere = copies.some(({ kind }) => kind === 'stub');
    return {
      status: 'ok',
      summary: isThere ? 'A stub is there, and does not load.' : 'There is none.',
    };
  },
};
