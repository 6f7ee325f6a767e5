import { mkdir } from 'node:fs/promises';
import { asFileError } from './as-file-error.ts';

/** Makes a folder and its parents. Throws `STORE_NOT_WRITABLE` or `DISK_FULL`. */
export async function ensureDirectory(path: string): Promise<void> {
  await mkdir(path, { recursive: true }).catch((error: unknown) => {
    throw asFileError(error, path);
  });
}
