import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { LlcudaError } from '../errors/llcuda-error.ts';
import { asFileError } from '../files/as-file-error.ts';
import { checkFreeSpace } from '../files/check-free-space.ts';
import { findFileSize } from '../files/find-file-size.ts';
import { ensureDirectory } from '../files/ensure-directory.ts';
import { lockPathFor, withLock } from '../files/with-lock.ts';
import { withStagingDirectory } from '../files/with-staging-directory.ts';
import { writeAtomically } from '../files/write-atomically.ts';
import { createNodeHost } from '../host/create-node-host.ts';
import type { Host } from '../host/host.ts';
import { resolveStore } from '../runtime/store.ts';
import { BUILD_MANIFEST, createBuildManifest, type BuildManifest } from './build-manifest.ts';
import type { BuildOptions } from './build-options.ts';
import { createBuildKey } from './compile/build-folder.ts';
import { chooseJobs } from './compile/choose-jobs.ts';
import { runBuild, type BuildRunResult } from './compile/run-build.ts';
import { checkRuntimeFolder } from './gate/check-runtime-folder.ts';
import { prepareBuild, type PreparedBuild } from './prepare-build.ts';
import { stageRuntime } from './stage-runtime.ts';

/** Objects, libraries and the stripped copy. A whole CUDA build for many GPUs has some gigabytes. */
const NEEDED_BYTES = { cpu: 600_000_000, cuda: 4_000_000_000 } as const;

/** A runtime that was built, examined, and put into the store. */
export interface BuiltRuntime {
  readonly directory: string;
  readonly manifest: BuildManifest;
  readonly run: BuildRunResult;
  readonly logPath: string;
}

/**
 * Builds llama.cpp from source with machine code for the GPUs that are named, and puts it into the store. The files are
 * examined before: what was planned must be in every fatbin, and nothing else be needed. A build that was interrupted
 * goes on where it stopped.
 *
 * Throws `BUILD_TARGET_UNSUPPORTED`, `TOOLCHAIN_UNUSABLE`, `BUILD_SOURCE_INVALID`, `BUILD_FAILED`, `BUILD_REFUSED`,
 * `BUILD_UNSUPPORTED`, `TARGET_INVALID`, `GPU_NOT_FOUND`, `PACKAGE_FETCH_FAILED`, `DISK_FULL`, `STORE_NOT_WRITABLE`,
 * `USAGE_INVALID`.
 */
export async function buildRuntime(options: BuildOptions = {}): Promise<BuiltRuntime> {
  const host = options.host ?? createNodeHost();
  const prepared = await prepareBuild({ ...options, host });
  const { onProgress, signal } = options;
  const key = keyOf(prepared);
  const store = resolveStore(host);
  const directory = join(store.builds, key);
  const onWait = (): void =>
    onProgress?.({ type: 'notice', message: 'Another llcuda builds the same; waiting for it' });
  return withLock(lockPathFor(directory), { signal, onWait }, async (locked) => {
    await ensureDirectory(store.builds);
    await checkFreeSpace(store.builds, NEEDED_BYTES[prepared.plan.backend]);
    const logPath = join(store.builds, `${key}.log`);
    await rm(logPath, { force: true });
    const run = await runBuild({
      host,
      ...prepared,
      directory,
      logPath,
      targets: prepared.programs,
      jobs: options.jobs ?? (await chooseJobs(host, prepared.plan.backend)),
      onProgress,
      signal: locked,
    });
    const context = { host, signal: locked, onProgress };
    return {
      ...(await install(prepared, { buildDirectory: directory, key }, context)),
      run,
      logPath,
    };
  });
}

/**
 * The runtime that `buildRuntime` would make with these options, if the store has it. Of sources that can change, such
 * as folders, it may be older than they are. Throws what `prepareBuild` throws.
 */
export async function findBuiltRuntime(options: BuildOptions = {}): Promise<string | undefined> {
  const host = options.host ?? createNodeHost();
  const prepared = await prepareBuild({ ...options, host });
  const place = join(resolveStore(host).runtimes, nameRuntime(prepared, keyOf(prepared)));
  return (await findFileSize(join(place, BUILD_MANIFEST))) === undefined ? undefined : place;
}

/** Source, options and toolchain: what makes two builds the same. */
function keyOf({ source, toolchain, cmakeArguments, programs }: PreparedBuild): string {
  const { toolkit, compiler, generator } = toolchain;
  const tools = [toolkit?.release, compiler.version, generator.name];
  return createBuildKey([source.sha256 ?? source.directory, cmakeArguments, programs, tools]);
}

async function install(
  prepared: PreparedBuild,
  { buildDirectory, key }: { readonly buildDirectory: string; readonly key: string },
  context: Required<Pick<BuildOptions, 'signal' | 'onProgress'>> & { readonly host: Host },
): Promise<{ readonly directory: string; readonly manifest: BuildManifest }> {
  const { host, signal, onProgress } = context;
  const { plan, programs } = prepared;
  const store = resolveStore(host);
  const id = nameRuntime(prepared, key);
  const place = join(store.runtimes, id);
  return withStagingDirectory(store.staging, `build-${key}`, async (staging) => {
    const directory = join(staging, 'runtime');
    try {
      await stageRuntime(buildDirectory, directory, { host, plan, signal });
      onProgress?.({ type: 'step', message: 'Examining what was built' });
      const gate = await checkRuntimeFolder(directory, { plan, host, signal });
      if (gate.findings.length > 0) throw refused(gate.findings);
      const manifest = await createBuildManifest(directory, { ...prepared, programs, gate, host });
      const text = `${JSON.stringify(manifest, undefined, 2)}\n`;
      await writeAtomically(join(directory, BUILD_MANIFEST), text);
      signal?.throwIfAborted();
      await ensureDirectory(store.runtimes);
      // The same build made again takes the place of the one before.
      await rm(place, { recursive: true, force: true });
      await rename(directory, place);
      return { directory: place, manifest };
    } catch (error) {
      throw asFileError(error, place);
    }
  });
}

/** `server-v0.5.0-cuda12.4-1a2b3c4d`. */
function nameRuntime({ source, plan }: PreparedBuild, key: string): string {
  const version = source.version ?? source.commit?.slice(0, 9) ?? 'source';
  const backend = plan.cuda === undefined ? 'cpu' : `cuda${plan.cuda.toolkit}`;
  return `server-${version}-${backend}-${key.slice(0, 8)}`;
}

function refused(
  findings: readonly { readonly file: string; readonly reason: string }[],
): LlcudaError {
  const [first, ...others] = findings;
  const more = others.length === 0 ? '' : ` (and ${others.length} more)`;
  const message = `The build is not what was planned: ${first?.file}: ${first?.reason}${more}`;
  return new LlcudaError('BUILD_REFUSED', message, {
    detail: { findings },
    hint: 'Nothing was installed. Report this with the log: flags of the environment may have overruled the plan.',
  });
}
