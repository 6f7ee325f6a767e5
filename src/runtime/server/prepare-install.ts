import type { HostDevice } from '../../compat/host-device.ts';
import type { ProgressSink } from '../../events/progress-event.ts';
import { createNodeHost } from '../../host/create-node-host.ts';
import type { Host } from '../../host/host.ts';
import { createFetch } from '../../net/create-fetch.ts';
import type { HttpFetch } from '../../net/http-fetch.ts';
import type { IndexSource } from '../index/read-index.ts';
import { resolveStore } from '../store.ts';
import { createDeviceProfile, findHostProfile } from './host-profile.ts';
import type { InstallContext } from './install-context.ts';
import { findInstallSource, type InstallSource } from './install-source.ts';
import type { InstallStep } from './install-step.ts';
import { planInstall, type InstallPlan } from './plan-install.ts';

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

export interface PreviewInstallOptions extends InstallRuntimeOptions {
  /** Judges for a machine with this GPU and driver, and an x64 processor. @defaultValue this machine */
  readonly for?: HostDevice | undefined;
}

/** An installation of which only the source is known, and for indexes what to take of them. */
export interface PreparedInstall extends InstallContext {
  readonly source: InstallSource;
  readonly plan: InstallPlan | undefined;
}

/** Finds the source, looks at the machine, and judges what the indexes have. Nothing is written. */
export async function prepareInstall(
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
