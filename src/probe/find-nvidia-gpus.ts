import type { Host } from '../host/host.ts';

export interface NvidiaGpus {
  /** Names of the GPUs, in the order in which they were found; a name may be a PCI address. */
  readonly names: readonly string[];
  /** Whether CUDA_VISIBLE_DEVICES hides all of them from CUDA. */
  readonly isHidden: boolean;
}

const SMI_TIMEOUT_MS = 15_000;
const NVIDIA_VENDOR = '0x10de';
/** PCI class of display controllers: VGA 0x0300, 3D 0x0302. */
const DISPLAY_CLASS = /^0x03/;

/**
 * Finds NVIDIA GPUs, also those without a working driver: nvidia-smi first, then /proc, then PCI.
 * Never throws, other than when the signal fires.
 */
export async function findNvidiaGpus(
  host: Host,
  options: { readonly signal?: AbortSignal | undefined } = {},
): Promise<NvidiaGpus> {
  const names = await findNames(host, options.signal);
  return { names, isHidden: names.length > 0 && hidesEverything(host) };
}

async function findNames(host: Host, signal: AbortSignal | undefined): Promise<readonly string[]> {
  if (host.platform === 'darwin') return [];
  // WSL2 keeps it off PATH in some shells.
  for (const command of ['nvidia-smi', '/usr/lib/wsl/lib/nvidia-smi']) {
    const query = ['--query-gpu=name', '--format=csv,noheader'];
    const result = await host.run(command, query, { timeoutMs: SMI_TIMEOUT_MS, signal });
    const names = result.stdout
      .split('\n')
      .map((line) => line.trim())
      .filter(Boolean);
    if (result.exitCode === 0 && names.length > 0) return names;
  }
  const fromDriver = await findInProc(host);
  return fromDriver.length > 0 ? fromDriver : findOnPci(host);
}

async function findInProc(host: Host): Promise<readonly string[]> {
  const folder = '/proc/driver/nvidia/gpus';
  const addresses = await host.list(folder);
  return Promise.all(
    addresses.map(async (address) => {
      const text = (await host.readText(`${folder}/${address}/information`)) ?? '';
      return /^Model:\s*(.+)$/m.exec(text)?.[1]?.trim() ?? `PCI ${address}`;
    }),
  );
}

async function findOnPci(host: Host): Promise<readonly string[]> {
  const folder = '/sys/bus/pci/devices';
  const addresses = await host.list(folder);
  const found = await Promise.all(
    addresses.map(async (address) => {
      const vendor = await host.readText(`${folder}/${address}/vendor`);
      if (vendor?.trim() !== NVIDIA_VENDOR) return [];
      const pciClass = (await host.readText(`${folder}/${address}/class`)) ?? '';
      return DISPLAY_CLASS.test(pciClass) ? [`NVIDIA GPU at PCI ${address}`] : [];
    }),
  );
  return found.flat();
}

/** CUDA stops reading the list at the first entry it does not know: an empty list or -1 hides all. */
function hidesEverything(host: Host): boolean {
  const value = host.env['CUDA_VISIBLE_DEVICES'];
  return value !== undefined && /^\s*(?:$|-1|NoDevFiles)/.test(value);
}
