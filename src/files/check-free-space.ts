import { statfs } from 'node:fs/promises';
import { LlcudaError } from '../errors/llcuda-error.ts';
import { formatBytes } from '../units/format-bytes.ts';

/** Throws `DISK_FULL` when the disk of a folder has less room than needed; the folder must exist. */
export async function checkFreeSpace(directory: string, neededBytes: number): Promise<void> {
  const { blocks, bavail, bsize } = await statfs(directory);
  const freeBytes = bavail * bsize;
  // Some network file systems tell nothing at all.
  if (blocks === 0 || freeBytes >= neededBytes) return;
  throw new LlcudaError(
    'DISK_FULL',
    `${formatBytes(neededBytes)} are needed in ${directory}, ${formatBytes(freeBytes)} are free`,
    {
      detail: { path: directory, neededBytes, freeBytes },
      hint: 'Free some space, or set LLCUDA_HOME to a folder on another disk.',
    },
  );
}
