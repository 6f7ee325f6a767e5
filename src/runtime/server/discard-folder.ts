import { randomUUID } from 'node:crypto';
import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { asFileError } from '../../files/as-file-error.ts';
import { ensureDirectory } from '../../files/ensure-directory.ts';
import type { Store } from '../store.ts';

/** What removed runtimes are called in staging until they are gone. */
export const DISCARDED_PREFIX = 'server-removed';

/** Removes a folder so that nobody ever sees a part of it: moved into staging first, in one step. Nothing there is fine. */
export async function discardFolder(directory: string, { staging }: Store): Promise<void> {
  const away = join(staging, `${DISCARDED_PREFIX}-${randomUUID()}`);
  try {
    await ensureDirectory(staging);
    await rename(directory, away);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return;
    throw asFileError(error, directory);
  }
  // What cannot be removed now is removed by `gcRuntimes`.
  await rm(away, { recursive: true, force: true, maxRetries: 3 }).catch(() => undefined);
}
