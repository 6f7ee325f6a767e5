import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { asFileError } from '../../files/as-file-error.ts';
import { ensureDirectory } from '../../files/ensure-directory.ts';
import { lockPathFor, withLock } from '../../files/with-lock.ts';
import { withStagingDirectory } from '../../files/with-staging-directory.ts';
import { resolveStore } from '../../runtime/store.ts';
import type { SourceOptions } from './source-options.ts';

/**
 * The folder of an unpacked source in the store, made on first use: `unpack` fills a staging folder, which gets its
 * place by one rename. What has its place is whole.
 */
export async function placeSource(
  sha256: string,
  { host, signal }: SourceOptions,
  unpack: (directory: string, staging: string, signal: AbortSignal) => Promise<void>,
): Promise<string> {
  const store = resolveStore(host);
  const key = sha256.slice(0, 16);
  const place = join(store.sources, key);
  if (await hasContent(place)) return place;
  return withLock(lockPathFor(place), { signal }, async (locked) => {
    if (await hasContent(place)) return place;
    return withStagingDirectory(store.staging, `source-${key}`, async (staging) => {
      const directory = join(staging, 'tree');
      try {
        await mkdir(directory);
        await unpack(directory, staging, locked);
        locked.throwIfAborted();
        await ensureDirectory(store.sources);
        await rm(place, { recursive: true, force: true });
        await rename(directory, place);
      } catch (error) {
        throw asFileError(error, place);
      }
      return place;
    });
  });
}

async function hasContent(directory: string): Promise<boolean> {
  const names = await readdir(directory).catch(() => []);
  return names.length > 0;
}
