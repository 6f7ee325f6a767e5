import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { asFileError } from './as-file-error.ts';
import { ensureDirectory } from './ensure-directory.ts';

/**
 * Gives work a fresh folder and removes it afterwards, whatever happens. What killed processes left
 * behind under the same prefix is removed first, so call it only while holding a lock for the prefix.
 */
export async function withStagingDirectory<Result>(
  parent: string,
  prefix: string,
  work: (directory: string) => Promise<Result>,
): Promise<Result> {
  await ensureDirectory(parent);
  for (const name of await readdir(parent)) {
    if (name.startsWith(`${prefix}-`)) await remove(join(parent, name));
  }
  const directory = await mkdtemp(join(parent, `${prefix}-`)).catch((error: unknown) => {
    throw asFileError(error, parent);
  });
  try {
    return await work(directory);
  } finally {
    await remove(directory);
  }
}

/** What cannot be removed now is removed by the next one; it is no reason to fail. */
async function remove(directory: string): Promise<void> {
  const options = { recursive: true, force: true, maxRetries: 5, retryDelay: 100 };
  await rm(directory, options).catch(() => undefined);
}
