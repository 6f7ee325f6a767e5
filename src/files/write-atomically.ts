import { dirname } from 'node:path';
import { asFileError } from './as-file-error.ts';
import { ensureDirectory } from './ensure-directory.ts';

/** Readers see the old file or the new one, never a part of it. Makes the folder when it is missing. */
export async function writeAtomically(path: string, data: string): Promise<void> {
  const { default: writeFileAtomic } = await import('write-file-atomic');
  await ensureDirectory(dirname(path));
  await writeFileAtomic(path, data).catch((error: unknown) => {
    throw asFileError(error, path);
  });
}
