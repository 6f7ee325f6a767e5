import { cp, mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { extractArchive } from '../../archive/extract-archive.ts';
import { asFileError } from '../../files/as-file-error.ts';
import { checkFreeSpace } from '../../files/check-free-space.ts';
import { findFileSize } from '../../files/find-file-size.ts';
import { writeAtomically } from '../../files/write-atomically.ts';
import type { Host } from '../../host/host.ts';
import { BUNDLE_MANIFEST } from '../bundle/bundle-manifest.ts';
import { createBundleManifest, formatBundleManifest } from '../bundle/create-bundle-manifest.ts';
import { inspectBundle } from '../bundle/inspect-bundle.ts';
import { listBundlePaths } from '../bundle/list-bundle-paths.ts';
import { RUNTIME_MARKER } from '../bundle/runtime-marker.ts';
import { checkPackable } from '../pack/check-packable.ts';
import { packRefused } from '../pack/pack-problem.ts';
import { readBuildStatement } from '../pack/read-build-statement.ts';
import { stageRuntime } from '../pack/stage-runtime.ts';
import { serverProgramPath } from './ask-server-version.ts';

export interface StageOptions {
  readonly host: Host;
  /** Of all files, where an index says so. */
  readonly sizeBytes?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Brings a source into an empty folder: an archive is unpacked by policy, the folder of a bundle copied, and any other
 * folder with a llama-server made a bundle.
 */
export async function stageSource(
  path: string,
  staging: string,
  { host, sizeBytes = 0, signal }: StageOptions,
): Promise<void> {
  await mkdir(staging).catch((error: unknown) => {
    throw asFileError(error, staging);
  });
  await checkFreeSpace(staging, sizeBytes);
  if (!(await stat(path)).isDirectory()) {
    await extractArchive(path, staging, { signal });
  } else if ((await findFileSize(join(path, BUNDLE_MANIFEST))) === undefined) {
    await stageBuild(path, staging, { host, signal });
  } else await copyBundle(path, staging, signal);
}

async function copyBundle(
  path: string,
  staging: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  // Looks for what must not be copied, such as pipes, before anything is.
  const paths = await listBundlePaths(path);
  for (const { path: name, kind } of paths) {
    signal?.throwIfAborted();
    if (kind === 'other' || name === RUNTIME_MARKER) continue;
    const [source, destination] = [join(path, name), join(staging, name)];
    await cp(source, destination, { verbatimSymlinks: true }).catch((error: unknown) => {
      throw asFileError(error, destination);
    });
  }
}

async function stageBuild(
  path: string,
  staging: string,
  { host, signal }: StageOptions,
): Promise<void> {
  await stageRuntime(path, staging);
  const binaries = await inspectBundle(staging, { signal });
  const [first, ...rest] = checkPackable(binaries);
  if (first !== undefined) throw packRefused(path, [first, ...rest]);
  const isWindows = binaries.some(({ system }) => system === 'windows');
  const program = serverProgramPath(staging, isWindows ? 'windows' : 'linux');
  const statement = await readBuildStatement(program, { host, signal, folder: path });
  const manifest = await createBundleManifest(staging, { statement, signal });
  await writeAtomically(join(staging, BUNDLE_MANIFEST), formatBundleManifest(manifest));
}
