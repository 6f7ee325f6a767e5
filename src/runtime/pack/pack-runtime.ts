import { mkdtemp, rm } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { writeTarGz, type PackedEntry } from '../../archive/write-tar-gz.ts';
import { LlcudaError } from '../../errors/llcuda-error.ts';
import type { ProgressSink } from '../../events/progress-event.ts';
import { asFileError } from '../../files/as-file-error.ts';
import { ensureDirectory } from '../../files/ensure-directory.ts';
import { writeAtomically } from '../../files/write-atomically.ts';
import { createNodeHost } from '../../host/create-node-host.ts';
import type { Host } from '../../host/host.ts';
import { BUNDLE_MANIFEST, type BundleManifest } from '../bundle/bundle-manifest.ts';
import { createBundleManifest, formatBundleManifest } from '../bundle/create-bundle-manifest.ts';
import { inspectBundle } from '../bundle/inspect-bundle.ts';
import { serverProgramPath } from '../server/ask-server-version.ts';
import { addCudaLibraries } from './add-cuda-libraries.ts';
import { checkPackable } from './check-packable.ts';
import { createSbom } from './create-sbom.ts';
import { packRefused } from './pack-problem.ts';
import { readBuildStatement } from './read-build-statement.ts';
import { stageRuntime } from './stage-runtime.ts';

export interface PackOptions {
  /** Where the archive goes: a name that ends in `.tar.gz`. The bill of materials goes beside it, as `.cdx.json`. */
  readonly output: string;
  /** Puts libcudart and libcublas next to what needs them. @defaultValue false */
  readonly withCuda?: boolean | undefined;
  /** Where CUDA's libraries are looked for before the usual places. */
  readonly cudaFolders?: readonly string[] | undefined;
  /** The version of llama.cpp. @defaultValue what the build or the program says */
  readonly version?: string | undefined;
  /** @defaultValue this machine */
  readonly host?: Host | undefined;
  readonly onProgress?: ProgressSink | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface PackedRuntime {
  readonly path: string;
  readonly sizeBytes: number;
  readonly sha256: string;
  readonly sbomPath: string;
  readonly manifest: BundleManifest;
}

/**
 * Makes a bundle of a folder with a llama-server: `bin/`, `lib/` and the manifest in a tar.gz that depends on the files
 * alone. The folder is not changed.
 *
 * Throws `PACK_REFUSED` for what would not run elsewhere, `USAGE_INVALID`, `BUNDLE_INVALID`, `SOURCE_UNREADABLE`,
 * `DISK_FULL`, `STORE_NOT_WRITABLE`.
 */
export async function packRuntime(folder: string, options: PackOptions): Promise<PackedRuntime> {
  const { signal, onProgress } = options;
  signal?.throwIfAborted();
  const host = options.host ?? createNodeHost();
  const source = resolve(host.workingDirectory, folder);
  const output = resolve(host.workingDirectory, options.output);
  if (!output.endsWith('.tar.gz')) throw wrongName(options.output);
  return withSibling(output, async (staging) => {
    onProgress?.({ type: 'step', message: `Reading ${folder}` });
    await stageRuntime(source, staging);
    if (options.withCuda === true) {
      await addCudaLibraries(staging, { host, folders: options.cudaFolders ?? [], signal });
    }
    const binaries = await inspectBundle(staging, { signal });
    const [first, ...rest] = checkPackable(binaries);
    if (first !== undefined) throw packRefused(folder, [first, ...rest]);
    const isWindows = binaries.some(({ system }) => system === 'windows');
    const program = serverProgramPath(staging, isWindows ? 'windows' : 'linux');
    const { version } = options;
    const statement = await readBuildStatement(program, { host, signal, version, folder: source });
    const manifest = await createBundleManifest(staging, { statement, signal });
    return write(manifest, { staging, output, onProgress, signal });
  });
}

interface WriteContext extends Pick<PackOptions, 'onProgress' | 'signal'> {
  readonly staging: string;
  readonly output: string;
}

async function write(manifest: BundleManifest, context: WriteContext): Promise<PackedRuntime> {
  const { staging, output, onProgress, signal } = context;
  const totalBytes = manifest.files.reduce(
    (sum, file) => sum + ('target' in file ? 0 : file.sizeBytes),
    0,
  );
  const label = basename(output);
  const { sizeBytes, sha256 } = await writeTarGz(output, listEntries(manifest, staging), {
    signal,
    onBytes: (doneBytes) =>
      onProgress?.({
        type: 'transfer',
        label,
        doneBytes: Math.min(doneBytes, totalBytes),
        totalBytes,
      }),
  });
  const sbomPath = output.replace(/\.tar\.gz$/, '.cdx.json');
  const sbom = createSbom(manifest, { name: label, sha256 });
  await writeAtomically(sbomPath, `${JSON.stringify(sbom, null, 2)}\n`);
  return { path: output, sizeBytes, sha256, sbomPath, manifest };
}

/** The manifest first, so that it can be read without the rest. */
function listEntries(manifest: BundleManifest, staging: string): readonly PackedEntry[] {
  const text = formatBundleManifest(manifest);
  return [
    { name: BUNDLE_MANIFEST, mode: 0o644, content: { text } },
    ...manifest.files.map((file): PackedEntry => {
      const { path: name } = file;
      if ('target' in file) return { name, target: file.target };
      const content = { path: join(staging, name), sizeBytes: file.sizeBytes };
      return { name, mode: file.mode === '755' ? 0o755 : 0o644, content };
    }),
  ];
}

/** A folder on the disk of the archive, removed afterwards. */
async function withSibling<Result>(
  output: string,
  work: (directory: string) => Promise<Result>,
): Promise<Result> {
  await ensureDirectory(dirname(output));
  const directory = await mkdtemp(join(dirname(output), '.llcuda-pack-')).catch(
    (error: unknown) => {
      throw asFileError(error, dirname(output));
    },
  );
  try {
    return await work(directory);
  } finally {
    await rm(directory, { recursive: true, force: true }).catch(() => undefined);
  }
}

function wrongName(output: string): LlcudaError {
  return new LlcudaError('USAGE_INVALID', `A bundle is a .tar.gz, and ${output} is not called so`, {
    detail: { argument: '--output' },
    hint: 'Name it FILE.tar.gz.',
  });
}
