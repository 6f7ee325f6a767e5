import { randomUUID } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { asFileError } from './as-file-error.ts';
import { ensureDirectory } from './ensure-directory.ts';

/** Readers see the old file or the new one, never a part of it. Makes the folder when it is missing. */
export async function writeAtomically(path: string, data: string): Promise<void> {
  await ensureDirectory(dirname(path));
  const temporaryPath = `${path}.${randomUUID()}.tmp`;
  try {
    await writeDurably(temporaryPath, data);
    await rename(temporaryPath, path);
  } catch (error) {
    await rm(temporaryPath, { force: true });
    throw asFileError(error, path);
  }
}

/** `writeFile` of a handle goes on after a short write, as on a disk that fills up. */
async function writeDurably(path: string, data: string): Promise<void> {
  await using file = await open(path, 'wx', 0o644);
  await file.writeFile(data);
  await file.sync();
}
