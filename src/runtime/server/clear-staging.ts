import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Store } from '../store.ts';
import { DISCARDED_PREFIX } from './discard-folder.ts';

/** What installations put into staging. */
export const INSTALL_PREFIX = 'server-install' as const;

/** Removes what killed processes left in staging. To be called while holding the lock of the runtimes: nothing is in work then. */
export async function clearStaging({ staging }: Store): Promise<void> {
  const names = await readdir(staging).catch(() => []);
  for (const name of names) {
    const isOurs = [INSTALL_PREFIX, DISCARDED_PREFIX].some((prefix) =>
      name.startsWith(`${prefix}-`),
    );
    if (!isOurs) continue;
    // What cannot be removed now is removed by the next one; it is no reason to fail.
    const options = { recursive: true, force: true, maxRetries: 3 };
    await rm(join(staging, name), options).catch(() => undefined);
  }
}
