import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Store } from '../store.ts';
import { changeRuntimes, type ChangeOptions } from './change-runtimes.ts';
import { clearStaging } from './clear-staging.ts';
import { discardFolder } from './discard-folder.ts';
import { findRuntimeProcesses } from './find-runtime-processes.ts';
import { listServers, readActive } from './server-store.ts';

export interface GcOptions extends ChangeOptions {
  /** Only tells what would be removed. @defaultValue false */
  readonly isDryRun?: boolean | undefined;
}

export interface CollectedGarbage {
  /** Server runtimes that were removed. */
  readonly removed: readonly { readonly name: string; readonly sizeBytes: number }[];
  /** Neither active nor previous, and still there: a process runs from each. */
  readonly inUse: readonly string[];
  /** Of archives that were fetched in part, or not unpacked. */
  readonly downloadBytes: number;
}

/** Removes server runtimes that are neither active nor the previous one, and what interrupted installations left. */
export async function gcRuntimes({
  isDryRun = false,
  ...options
}: GcOptions = {}): Promise<CollectedGarbage> {
  return changeRuntimes(options, async ({ store }) => {
    const { active, previous } = await readActive(store);
    const removed: { name: string; sizeBytes: number }[] = [];
    const inUse: string[] = [];
    for (const { name, directory, sizeBytes } of await listServers(store)) {
      if (name === active || name === previous) continue;
      if ((await findRuntimeProcesses(directory)).length > 0) inUse.push(name);
      else {
        if (!isDryRun) await discardFolder(directory, store);
        removed.push({ name, sizeBytes });
      }
    }
    const downloadBytes = await measureDownloads(store);
    if (!isDryRun) await removeLeftovers(store);
    return { removed, inUse, downloadBytes };
  });
}

async function removeLeftovers(store: Store): Promise<void> {
  await clearStaging(store);
  const options = { recursive: true, force: true, maxRetries: 3 };
  await rm(join(store.root, 'downloads'), options).catch(() => undefined);
}

async function measureDownloads({ root }: Store): Promise<number> {
  const folder = join(root, 'downloads');
  const names = await readdir(folder, { recursive: true }).catch(() => []);
  const sizes = await Promise.all(
    names.map(async (name) => {
      const stats = await stat(join(folder, name)).catch(() => undefined);
      return stats?.isFile() === true ? stats.size : 0;
    }),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}
