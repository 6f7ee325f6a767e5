import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { BuildSource } from './build-source.ts';
import { readSourceTree } from './read-source-tree.ts';
import { runGit } from './run-git.ts';
import { sourceError } from './source-error.ts';
import type { SourceOptions } from './source-options.ts';
import { unpackArchive } from './unpack-archive.ts';
import { unpackPinnedSource } from './unpack-pinned-source.ts';

/**
 * Finds or unpacks what is to be built: a folder, a tar archive, or `npm` for the pinned source, which is also the
 * default. Throws `BUILD_SOURCE_INVALID`, `PACKAGE_FETCH_FAILED`, `TOOLCHAIN_UNUSABLE` (no git), `DISK_FULL`,
 * `STORE_NOT_WRITABLE`.
 */
export async function resolveSource(
  source: string | undefined,
  options: SourceOptions,
): Promise<BuildSource> {
  options.signal?.throwIfAborted();
  if (source === undefined || source === 'npm') return unpackPinnedSource(options);
  const path = resolve(options.host.workingDirectory, source);
  const stats = await stat(path).catch(() => undefined);
  if (stats?.isDirectory() === true) return readFolder(path, source, options);
  if (stats?.isFile() === true) return unpackArchive(path, source, options);
  throw sourceError(source, 'there is no such file or folder');
}

async function readFolder(
  directory: string,
  name: string,
  { host, signal }: SourceOptions,
): Promise<BuildSource> {
  const tree = await readSourceTree(directory, name);
  const git = { workingDirectory: directory, signal };
  const top = await runGit(host, ['rev-parse', '--show-toplevel'], git);
  // A folder inside somebody else's repository has no commit of its own.
  const isOwn = top.text === directory;
  const commit = isOwn ? (await runGit(host, ['rev-parse', 'HEAD'], git)).text : undefined;
  const status = commit && (await runGit(host, ['status', '--porcelain'], git)).text;
  return {
    kind: 'folder',
    name,
    directory,
    commit,
    isModified: status !== '',
    sha256: undefined,
    ...tree,
  };
}
