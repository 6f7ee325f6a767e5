import { describeGpu } from '../../compat/describe-host.ts';
import {
  isForwardCompatSupported,
  resolveEffectiveDriver,
} from '../../compat/resolve-effective-driver.ts';
import { formatCudaVersion } from '../../units/cuda-version.ts';
import type { Check } from '../check.ts';
import { joinWords } from '../describe-gpus.ts';
import { findFolder, findLibrary } from '../find-library.ts';

export const cudaCompatCheck: Check = {
  id: 'cuda-compat',
  title: 'cuda-compat',
  group: 'cuda',
  needs: ['linux', 'driver'],
  stopsGpu: true,
  run: ({ facts, devices }) => {
    const { copies, loaded } = findLibrary(facts, 'libcuda.so.1');
    const remove = {
      fix: 'Take its folder off the library path.',
      commands: [
        `export LD_LIBRARY_PATH="$(printf %s "$LD_LIBRARY_PATH" | tr : '\\n' | grep -v compat | paste -sd:)"`,
      ],
    };
    const isRefused = facts.driver.native.libcuda?.initResult === 804;
    if (loaded?.kind !== 'compat') {
      if (isRefused) {
        const summary = 'CUDA gives error 804: a cuda-compat package is in use, and not supported.';
        return { status: 'fail', summary, ...remove };
      }
      const isThere = copies.some(({ kind }) => kind === 'compat');
      return {
        status: 'ok',
        summary: isThere ? 'A package is there, and not in use.' : 'It is not in use.',
      };
    }
    const folder = findFolder(loaded);
    const refused = devices.filter(({ gpu }) => !isForwardCompatSupported(gpu));
    const [device] = devices;
    const isRaised = device === undefined || resolveEffectiveDriver(device).isForwardCompat;
    if (isRefused || (refused.length > 0 && isRaised)) {
      const names = refused.map(({ gpu }) => describeGpu(gpu));
      const who = names.length === 0 ? 'this GPU' : joinWords(names);
      return {
        status: 'fail',
        summary: `${folder} comes first, and cuda-compat does not support ${who}: error 804.`,
        ...remove,
      };
    }
    if (!isRaised) {
      return {
        status: 'warn',
        summary: `${folder} comes first, with a cuda-compat that is not newer than the driver.`,
        ...remove,
      };
    }
    const version = device && formatCudaVersion(resolveEffectiveDriver(device).cudaVersion);
    return {
      status: 'ok',
      summary: `${folder} raises the driver to CUDA ${version ?? '(not told)'}, which this GPU supports.`,
    };
  },
};
