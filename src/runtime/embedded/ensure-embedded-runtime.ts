import { readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import { LlcudaError } from '../../errors/llcuda-error.ts';
import type { ProgressSink } from '../../events/progress-event.ts';
import { asFileError } from '../../files/as-file-error.ts';
import { checkFreeSpace } from '../../files/check-free-space.ts';
import { ensureDirectory } from '../../files/ensure-directory.ts';
import { lockPathFor, withLock } from '../../files/with-lock.ts';
import { writeAtomically } from '../../files/write-atomically.ts';
import { withStagingDirectory } from '../../files/with-staging-directory.ts';
import type { Host } from '../../host/host.ts';
import { resolveStore } from '../store.ts';
import { npmCleanInstall } from './npm-clean-install.ts';
import {
  choosePlatformPackage,
  createEmbeddedManifest,
  type PlatformPackage,
} from './platform-packages.ts';
import { startEmbeddedProcess } from './start-embedded-process.ts';

/** Written last: a folder without it is no runtime. */
const MARKER = 'llcuda-runtime.json';
/** node_modules of the largest platform, and npm's own copy while it unpacks. */
const NEEDED_BYTES = 250_000_000;

const markerSchema = v.object({
  schemaVersion: v.literal(1),
  kind: v.literal('embedded'),
  nodeLlamaCpp: v.string(),
  llamaCpp: v.string(),
});

export interface EmbeddedRuntime {
  readonly directory: string;
  /** Version of node-llama-cpp. */
  readonly nodeLlamaCpp: string;
  /** Release of llama.cpp inside it. */
  readonly llamaCpp: string;
}

export interface InstallOptions {
  readonly host: Host;
  readonly onProgress: ProgressSink;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Gives the embedded runtime of this host, installed into the store on first use: npm fetches
 * node-llama-cpp and one platform package, pinned by integrity hashes, into a staging folder; the
 * result is proven by loading it in a process of its own; only then it gets its place.
 *
 * Throws `RUNTIME_UNSUPPORTED`, `RUNTIME_INSTALL_FAILED`, `RUNTIME_BROKEN`, `DISK_FULL`,
 * `STORE_NOT_WRITABLE`.
 */
export async function ensureEmbeddedRuntime(options: InstallOptions): Promise<EmbeddedRuntime> {
  const { host, signal, onProgress } = options;
  const store = resolveStore(host);
  const platform = await choosePlatformPackage(host);
  const id = `embedded-${platform.version}-${host.platform}-${host.arch}`;
  const directory = join(store.runtimes, id);
  const found = await findInstalled(directory);
  if (found) return found;
  const message = 'Another llcuda is installing the embedded runtime; waiting for it';
  const onWait = (): void => onProgress({ type: 'notice', message });
  return withLock(lockPathFor(directory), { signal, onWait }, async (locked) => {
    const meanwhile = await findInstalled(directory);
    if (meanwhile) return meanwhile;
    return withStagingDirectory(store.staging, id, async (staging) => {
      await install(platform, staging, { ...options, signal: locked });
      locked.throwIfAborted();
      await switchOn(staging, directory);
      return await requireInstalled(directory);
    });
  });
}

async function findInstalled(directory: string): Promise<EmbeddedRuntime | undefined> {
  const text = await readFile(join(directory, MARKER), 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  const marker = v.safeParse(v.pipe(v.string(), v.parseJson(), markerSchema), text);
  return marker.success ? { directory, ...marker.output } : undefined;
}

async function requireInstalled(directory: string): Promise<EmbeddedRuntime> {
  const installed = await findInstalled(directory);
  if (!installed) throw new Error(`${directory} has no ${MARKER} after its installation`);
  return installed;
}

async function install(
  platform: PlatformPackage,
  staging: string,
  options: InstallOptions,
): Promise<void> {
  const { host, signal, onProgress } = options;
  await checkFreeSpace(staging, NEEDED_BYTES);
  const message = `Installing the embedded runtime, once: node-llama-cpp ${platform.version} (about 50 MB)`;
  onProgress({ type: 'step', message });
  const manifest = await createEmbeddedManifest(platform);
  await writeAtomically(join(staging, 'package.json'), manifest.packageJson);
  await writeAtomically(join(staging, 'package-lock.json'), manifest.packageLock);
  await npmCleanInstall(staging, { host, signal, runtime: `node-llama-cpp ${platform.version}` });
  const llamaCpp = await prove(staging, options);
  const marker = { schemaVersion: 1, kind: 'embedded', nodeLlamaCpp: platform.version, llamaCpp };
  await writeAtomically(join(staging, MARKER), `${JSON.stringify(marker)}\n`);
}

/** Loads the native library in a process of its own and gives the release of llama.cpp in it. */
async function prove(directory: string, { signal }: InstallOptions): Promise<string> {
  const options = { runtimeDirectory: directory, gpu: 'off', maxThreads: 1, signal } as const;
  try {
    await using process = await startEmbeddedProcess(options);
    return process.ready.llamaCpp;
  } catch (error) {
    if (!LlcudaError.is(error, 'RUNTIME_BROKEN')) throw error;
    const { reason, log } = error.detail;
    const message = `The embedded runtime was fetched, but it cannot be loaded here: ${reason}`;
    throw new LlcudaError('RUNTIME_INSTALL_FAILED', message, {
      detail: { runtime: 'embedded', reason, log },
      hint: 'Report this with the output of --verbose. Nothing of it was kept.',
      cause: error,
    });
  }
}

async function switchOn(staging: string, directory: string): Promise<void> {
  try {
    await ensureDirectory(join(directory, '..'));
    // What lies there without a marker is the rest of an installation that somebody damaged.
    await rm(directory, { recursive: true, force: true });
    await rename(staging, directory);
  } catch (error) {
    throw asFileError(error, directory);
  }
}
