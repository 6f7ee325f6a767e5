import type { HostDevice } from '../compat/host-device.ts';
import { createLimitedHost } from '../host/create-limited-host.ts';
import type { Host } from '../host/host.ts';
import { listHostDevices } from './list-host-devices.ts';
import { probeDevices } from './probe-devices.ts';

/**
 * What the rules need to know of this machine, once for each kind of NVIDIA GPU in it: the light form of the probe. Empty
 * where there is none with a driver. Never throws, other than when the signal fires.
 */
export async function findHostDevices(
  host: Host,
  { signal }: { readonly signal?: AbortSignal | undefined } = {},
): Promise<readonly HostDevice[]> {
  const limited = createLimitedHost(host, signal);
  return listHostDevices(await probeDevices(limited, { signal, isLight: true }));
}
