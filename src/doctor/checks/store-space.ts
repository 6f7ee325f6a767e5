import { formatBytes } from '../../units/format-bytes.ts';
import type { Check } from '../check.ts';

/** llama.cpp and the smallest useful model. */
const MINIMUM_BYTES = 1e9;
/** A model of 7 billion parameters, quantized. */
const SMALL_BYTES = 6e9;

export const storeSpaceCheck: Check = {
  id: 'store-space',
  title: 'Disk space of the store',
  group: 'store',
  run: ({ facts: { disk } }) => {
    const { freeBytes, storePath } = disk;
    if (freeBytes === undefined)
      return { status: 'skip', summary: 'Nothing tells the free space.' };
    const summary = `${formatBytes(freeBytes)} is free for ${storePath}`;
    if (freeBytes >= SMALL_BYTES) return { status: 'ok', summary: `${summary}.` };
    return {
      status: freeBytes < MINIMUM_BYTES ? 'fail' : 'warn',
      summary: `${summary}: a model of 7 billion parameters takes 4 to 6 GB.`,
      fix: 'Make room, or name a folder on another disk.',
      commands: ['export LLCUDA_HOME=/path/on/a/larger/disk/llcuda'],
    };
  },
};
