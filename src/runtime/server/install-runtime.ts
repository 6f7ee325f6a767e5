import { join } from 'node:path';
import { rm } from 'node:fs/promises';
import type { HostDevice } from '../../compat/host-device.ts';
import type { ProgressSink } from '../../events/progress-event.ts';
import { withLock } from '../../files/with-lock.ts';
import { withStagingDirectory } from '../../files/with-staging-directory.ts';
import { createNodeHost } from '../../host/create-node-host.ts';
import type { Host } from '../../host/host.ts';
import { createFetch } from '../../net/create-fetch.ts';
import type { HttpFetch } from '../../net/http-fetch.ts';
import { checkBundle } from '../bundle/check-bundle.ts';
import type { IndexSource } from '../index/read-index.ts';
import { resolveStore } from '../store.ts';
import { acceptStaged } from './accept-staged.ts';
import { clearStaging, INSTALL_PREFIX } from './clear-staging.ts';
import { fetchBundle } from './fetch-bundle.ts';
import { createDeviceProfile, findHostProfile } from './host-profile.ts';
import type { InstallContext } from './install-context.ts';
import { findInstallSource, type InstallSource } from './install-source.ts';
import type { InstallStep } from './install-step.ts';
import { placeRuntime } from './place-runtime.ts';
import { planInstall, unfit, type InstallPlan, type JudgedBundle } from './plan-install.ts';
import { proveRuntime } from './prove-runtime.ts';
import { activate, findServer, serverLockPath, type ServerRuntime } from './server-store.ts';
import { stageSource } from './stage-source.ts';

export interface InstallRuntimeOptions {
  /** Asked instead of those of the configuration. */
  readonly indexes?: readonly IndexSource[] | undefined;
  /** `off`: a runtime for the processor, also where there is a GPU. @defaultValue 'auto' */
  readonly gpu?: 'auto' | 'off' | undefined;
  /** @defaultValue this machine */
  readonly host?: Host | undefined;
  /** @defaultValue an HTTP client that honours the proxy variables of the host */
  readonly fetch?: HttpFetch | undefined;
  readonly onProgress?: ProgressSink | undefined;
  /** Called, and waited for, after each step. */
  readonly onStep?: ((step: InstallStep) => void | Promise<void>) | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface InstalledServer {
  readonly runtime: ServerRuntime;
  /** The one that was active before. */
  readonly previous: string | undefined;
  /** Whether it was there already, and was only activated. */
  readonly wasPresent: boolean;
  /** How the candidates of the indexes were judged; absent for a folder or an archive. */
  readonly plan?: InstallPlan | undefined;
}

/**
 * Installs a server runtime and activates it: from a folder, an archive, or the best bundle of the indexes for this
 * machine. It is fetched and checked, unpacked by policy, held against its manifest, judged by what its files hold,
 * started as a proof, and only then switched to by one rename; the one before is kept for `rollbackRuntime`. After a crash
 * at any point the one before is still active, and the next run goes on.
 *
 * Throws `RUNTIME_UNFIT`, `RUNTIME_NOT_FOUND`, `RUNTIME_INSTALL_FAILED`, `BUNDLE_INVALID`, `PACK_REFUSED`, `ARCHIVE_UNSAFE`,
 * `INDEX_*`, `CONFIG_INVALID`, `SCHEMA_TOO_NEW`, `DOWNLOAD_*`, `DISK_FULL`, `STORE_NOT_WRITABLE`.
 */
export async function installRuntime(
  spec: string | undefined,
  options: InstallRuntimeOptions = {},
): Promise<InstalledServer> {
  const context = await prepare(spec, options);
  const { store, source, plan } = context;
  const onWait = (): void =>
    context.onProgress({
      type: 'notice',
      message: 'Another llcuda changes the runtimes; waiting for it',
    });
  return withLock(serverLockPath(store), { signal: options.signal, onWait }, async (signal) => {
    await clearStaging(store);
    await context.onStep('locked');
    const locked = { ...context, signal };
    const installed =
      source.kind === 'index'
        ? await installChosen(locked)
        : await installLocal(source.path, locked);
    return { ...installed, plan };
  });
}

export interface PreviewInstallOptions extends InstallRuntimeOptions {
  /** Judges for a machine with this GPU and driver, and an x64 processor. @defaultValue this machine */
  readonly for?: HostDevice | undefined;
}

/** What `installRuntime` would choose from the indexes; nothing is downloaded. `undefined` for a folder or an archive. */
export async function previewInstall(
  spec: string | undefined,
  options: PreviewInstallOptions = {},
): Promise<InstallPlan | undefined> {
  const { source, plan } = await prepare(spec, options);
  return source.kind === 'index' ? plan : undefined;
}

interface PreparedInstall extends InstallContext {
  readonly source: InstallSource;
  readonly plan: InstallPlan | undefined;
}

async function prepare(
  spec: string | undefined,
  options: PreviewInstallOptions,
): Promise<PreparedInstall> {
  options.signal?.throwIfAborted();
  const { gpu = 'auto', signal, indexes, onProgress = () => undefined } = options;
  const host = options.host ?? createNodeHost();
  const fetch = options.fetch ?? createFetch(host);
  const [source, profile] = await Promise.all([
    findInstallSource(spec, { host, fetch, indexes, onProgress, signal }),
    options.for === undefined
      ? findHostProfile(host, { signal })
      : createDeviceProfile(options.for),
  ]);
  const plan =
    source.kind === 'index' ? planInstall(source.candidates, profile, { gpu }) : undefined;
  const onStep = async (step: InstallStep): Promise<void> => options.onStep?.(step);
  const store = resolveStore(host);
  return { host, fetch, store, profile, gpu, onProgress, onStep, signal, source, plan };
}

type Installed = Omit<InstalledServer, 'plan'>;

async function installChosen(context: PreparedInstall): Promise<Installed> {
  const { plan, store } = context;
  const chosen = plan?.chosen;
  if (chosen === undefined) {
    const judged = plan?.ranked ?? [];
    throw unfit(judged.map(({ bundle, judgement }) => ({ name: bundle.name, judgement })));
  }
  const present = await findServer(store, chosen.bundle.name);
  if (present !== undefined && (await isIntact(present, context))) {
    return { ...(await reactivate(present, context)), wasPresent: true };
  }
  const { path, isTemporary } = await fetchBundle(chosen, context);
  await context.onStep('downloaded');
  const installed = await installLocal(path, context, chosen);
  if (isTemporary) await rm(path, { force: true });
  return installed;
}

async function installLocal(
  path: string,
  context: InstallContext,
  chosen?: JudgedBundle,
): Promise<Installed> {
  const { store, signal } = context;
  return withStagingDirectory(store.staging, INSTALL_PREFIX, async (parent) => {
    const staging = join(parent, 'runtime');
    await stageSource(path, staging, { ...context, sizeBytes: chosen?.bundle.unpackedBytes });
    await context.onStep('unpacked');
    const marker = await acceptStaged(staging, { ...context, source: path, chosen });
    await context.onStep('proven');
    signal?.throwIfAborted();
    const runtime = await placeRuntime(staging, marker, context);
    await context.onStep('placed');
    const { previous } = await activate(store, runtime.name);
    await context.onStep('activated');
    return { runtime, previous, wasPresent: false };
  });
}

async function isIntact(
  { directory }: ServerRuntime,
  { signal }: InstallContext,
): Promise<boolean> {
  const { problems } = await checkBundle(directory, { signal }).catch(() => ({ problems: [''] }));
  return problems.length === 0;
}

async function reactivate(
  runtime: ServerRuntime,
  { host, store, signal, onStep }: InstallContext,
): Promise<Omit<Installed, 'wasPresent'>> {
  const { name, os, backend, directory } = runtime;
  await proveRuntime(directory, { host, name, os, needsGpu: backend === 'cuda', signal });
  await onStep('proven');
  const { previous } = await activate(store, name);
  await onStep('activated');
  return { runtime, previous };
}
