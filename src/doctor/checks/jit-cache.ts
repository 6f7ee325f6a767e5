import { formatBytes } from '../../units/format-bytes.ts';
import type { Check } from '../check.ts';

/** The compiled code of a llama.cpp that is all PTX takes a few hundred megabytes; what does not fit is not kept. */
const SMALL_BYTES = 536_870_912;

export const jitCacheCheck: Check = {
  id: 'jit-cache',
  title: "Cache of the driver's compiler",
  group: 'cuda',
  run: ({ facts: { environment } }) => {
    const { CUDA_CACHE_DISABLE, CUDA_CACHE_MAXSIZE, CUDA_CACHE_PATH } = environment.variables;
    if (CUDA_CACHE_DISABLE === '1') {
      return {
        status: 'warn',
        summary: 'CUDA_CACHE_DISABLE=1: PTX is compiled again at every start.',
        fix: 'Unset it.',
        commands: ['unset CUDA_CACHE_DISABLE'],
      };
    }
    const size = /^\d{1,15}$/.test(CUDA_CACHE_MAXSIZE ?? '')
      ? Number(CUDA_CACHE_MAXSIZE)
      : undefined;
    if (size !== undefined && size < SMALL_BYTES) {
      return {
        status: 'warn',
        summary: `CUDA_CACHE_MAXSIZE leaves ${formatBytes(size)}: a build that is all PTX may be compiled again at every start.`,
        fix: 'Allow 4 GiB, the most that CUDA takes.',
        commands: ['export CUDA_CACHE_MAXSIZE=4294967296'],
      };
    }
    const place = CUDA_CACHE_PATH === undefined ? '' : ` in ${CUDA_CACHE_PATH}`;
    return { status: 'ok', summary: `It is on${place}.` };
  },
};
