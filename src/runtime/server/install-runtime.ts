import { join } from 'node:path';
import { rm } from 'node:fs/promises';
import { withLock } from '../../files/with-lock.ts';
import { withStagingDirectory } from '../../files/with-staging-directory.ts';
import { checkBundle } from '../bundle/check-bundle.ts';
import { acceptStaged } from './accept-staged.ts';
import { clearStaging, INSTALL_PREFIX } from './clear-staging.ts';
import { fetchBundle } from './fetch-bundle.ts';
import type { InstallContext } from './install-context.ts';
import { placeRuntime } from './place-runtime.ts';
import { unfit, type InstallPlan, type JudgedBundle } from './plan-install.ts';
import {
  prepareInstall,
  type InstallRuntimeOptions,
  type PreparedInstall,
} from './prepare-install.ts';
import { proveRuntime } from './prove-runtime.ts';
import { activate, findServer, serverLockPath, type ServerRuntime } from './server-store.ts';
import { stageSource } from './stage-source.ts';

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
  const context = await prepareInstall(spec, options);
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
