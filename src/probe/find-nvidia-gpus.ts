import { createLimitedHost } from '../host/create-limited-host.ts';
import type { Host } from '../host/host.ts';
import { collectGpus } from './gpus/collect-gpus.ts';
import { explainVisibleDevices } from './gpus/explain-visible-devices.ts';
import { findPciGpus } from './gpus/find-pci-gpus.ts';
import { readKernelDriver } from './gpus/read-kernel-driver.ts';
import { readSmi } from './smi/read-smi.ts';

export interface NvidiaGpus {
  /** Names of the GPUs, in the order in which they were found; a name may be a PCI address. */
  readonly names: readonly string[];
  /** Whether CUDA_VISIBLE_DEVICES hides all of them from CUDA. */
  readonly isHidden: boolean;
}

/**
 * Finds NVIDIA GPUs, also those without a working driver: nvidia-smi first, then the kernel, then PCI. The lightest form
 * of the probe: it stops at the first that names any. Never throws, other than when the signal fires.
 */
export async function findNvidiaGpus(
  host: Host,
  { signal }: { readonly signal?: AbortSignal | undefined } = {},
): Promise<NvidiaGpus> {
  if (host.platform === 'darwin') return { names: [], isHidden: false };
  const limited = createLimitedHost(host, signal);
  const { gpus: smi } = await readSmi(limited, { signal, isShort: true });
  const { gpus: kernel } = smi.length > 0 ? { gpus: [] } : await readKernelDriver(limited);
  const isNamed = smi.length + kernel.length > 0;
  const pci = isNamed ? [] : await findPciGpus(limited, { signal, hasNames: true });
  const gpus = collectGpus({ native: undefined, smi, kernel, pci });
  const { CUDA_VISIBLE_DEVICES: value, CUDA_DEVICE_ORDER: order } = host.env;
  const { effect } = explainVisibleDevices({ value, order }, gpus);
  return {
    names: gpus.map(({ name, pciAddress }) => name ?? `NVIDIA GPU at PCI ${pciAddress}`),
    isHidden: gpus.length > 0 && effect === 'none',
  };
}
