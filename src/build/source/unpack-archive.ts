import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { extractTar, UnsafeArchiveError } from '../../archive/extract-tar.ts';
import { hashFile } from '../../files/hash-file.ts';
import type { BuildSource } from './build-source.ts';
import { placeSource } from './place-source.ts';
import { readSourceTree } from './read-source-tree.ts';
import type { SourceOptions } from './source-options.ts';
import { sourceError } from './source-error.ts';

/** llama.cpp has some 3,000 files and 100 MB. */
const POLICY = { maximumEntries: 100_000, maximumBytes: 4_000_000_000 };

/** Unpacks a tar archive of llama.cpp into the store. Throws `BUILD_SOURCE_INVALID` for any other, and for unsafe ones. */
export async function unpackArchive(
  path: string,
  name: string,
  options: SourceOptions,
): Promise<BuildSource> {
  const sha256 = await hashFile(path, 'sha256', { signal: options.signal });
  options.onProgress?.({ type: 'step', message: `Unpacking ${name}` });
  const place = await placeSource(sha256, options, async (directory, _staging, signal) => {
    try {
      await extractTar(path, directory, { ...POLICY, signal });
    } catch (error) {
      if (!(error instanceof UnsafeArchiveError)) throw error;
      throw sourceError(name, `the archive is unsafe or damaged: ${error.message}`, {
        cause: error,
      });
    }
    await readSourceTree(await findRoot(directory), name);
  });
  const directory = await findRoot(place);
  const tree = await readSourceTree(directory, name);
  return {
    kind: 'archive',
    name,
    directory,
    commit: undefined,
    isModified: false,
    sha256,
    ...tree,
  };
}

/** Archives of a release have all in one folder. */
async function findRoot(directory: string): Promise<string> {
  const [only, ...others] = await readdir(directory);
  if (only === undefined || others.length > 0) return directory;
  const inner = join(directory, only);
  return (await stat(inner)).isDirectory() ? inner : directory;
}
