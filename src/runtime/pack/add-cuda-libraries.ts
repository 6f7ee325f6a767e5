import { chmod, copyFile, realpath } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { asFileError } from '../../files/as-file-error.ts';
import type { Host } from '../../host/host.ts';
import { inspectBundle, type BundleBinary } from '../bundle/inspect-bundle.ts';
import { packRefused } from './pack-problem.ts';

/** What a bundle may bring along: NVIDIA allows these to be shipped with a program. The driver's are never among them. */
const SHIPPABLE = /^lib(?:cudart|cublas|cublasLt)\.so\.\d/;

export interface AddLibrariesOptions {
  readonly host: Host;
  /** Where to look before the usual places. */
  readonly folders: readonly string[];
  readonly signal?: AbortSignal | undefined;
}

/**
 * Copies the CUDA libraries that a staged folder needs next to what needs them, and what those need in turn. Throws
 * `PACK_REFUSED` with the names of all that were not found and where they were looked for.
 */
export async function addCudaLibraries(
  staging: string,
  options: AddLibrariesOptions,
): Promise<readonly string[]> {
  const folders = [...options.folders, ...listFolders(options.host)];
  const added: string[] = [];
  for (;;) {
    const missing = listMissing(await inspectBundle(staging, { signal: options.signal }));
    if (missing.length === 0) return added;
    const found = await Promise.all(
      missing.map(async (library) => ({ library, path: await findLibrary(library.name, folders) })),
    );
    const [first, ...rest] = found
      .filter(({ path }) => path === undefined)
      .map(({ library }) => ({
        path: library.name,
        reason: 'it was not found on this machine',
        fix: `Install the CUDA toolkit that has it, or name its folder with --cuda-folder (looked in ${folders.join(', ')}).`,
      }));
    if (first !== undefined) throw packRefused(staging, [first, ...rest]);
    for (const { library, path = '' } of found) {
      await copy(path, join(staging, library.beside, library.name));
      added.push(library.name);
    }
  }
}

interface MissingLibrary {
  readonly name: string;
  /** The folder of what needs it. */
  readonly beside: string;
}

function listMissing(binaries: readonly BundleBinary[]): readonly MissingLibrary[] {
  const there = new Set(
    binaries.flatMap(({ path, libraries }) => [libraries.soname, path.split('/').at(-1)]),
  );
  const missing = new Map<string, MissingLibrary>();
  for (const { path, libraries } of binaries) {
    for (const name of libraries.needed) {
      if (there.has(name) || missing.has(name) || !SHIPPABLE.test(name)) continue;
      missing.set(name, { name, beside: dirname(path) });
    }
  }
  return [...missing.values()];
}

function listFolders({ env, arch }: Host): readonly string[] {
  const target = arch === 'arm64' ? 'aarch64' : 'x86_64';
  const roots = [env['CUDA_HOME'], env['CUDA_PATH'], '/usr/local/cuda', '/opt/cuda'];
  return [
    ...(env['LD_LIBRARY_PATH'] ?? '').split(':'),
    ...roots.flatMap((root) =>
      root ? [`${root}/lib64`, `${root}/targets/${target}-linux/lib`] : [],
    ),
    `/usr/lib/${target}-linux-gnu`,
    '/usr/lib64',
  ].filter((folder) => folder.startsWith('/'));
}

async function findLibrary(name: string, folders: readonly string[]): Promise<string | undefined> {
  for (const folder of folders) {
    const path = await realpath(join(folder, name)).catch(() => undefined);
    if (path !== undefined) return path;
  }
  return undefined;
}

async function copy(source: string, destination: string): Promise<void> {
  try {
    await copyFile(source, destination);
    await chmod(destination, 0o644);
  } catch (error) {
    throw asFileError(error, destination);
  }
}
