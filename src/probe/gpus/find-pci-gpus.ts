import type { Host } from '../../host/host.ts';
import { askProgram, type AskOptions } from '../ask-program.ts';
import { cleanText } from '../clean-text.ts';
import { normalizePciAddress } from './normalize-pci-address.ts';

export interface PciGpu {
  readonly pciAddress: string;
  /** `10de:2330`. */
  readonly pciId: string | undefined;
  /** Of lspci's table: `GeForce 940M`. */
  readonly name: string | undefined;
}

const NVIDIA_VENDOR = '0x10de';
/** PCI class of display controllers: VGA 0x0300, 3D 0x0302. */
const DISPLAY_CLASS = /^0x03/;
/** Large servers have some hundred. */
const DEVICE_LIMIT = 4096;

/** NVIDIA GPUs on the PCI bus, with or without a driver. In a container these are all of the machine. */
export async function findPciGpus(
  host: Host,
  options: AskOptions & { readonly hasNames?: boolean } = {},
): Promise<readonly PciGpu[]> {
  if (host.platform !== 'linux') return [];
  const addresses = await host.list('/sys/bus/pci/devices');
  const found = await readSysfs(host, addresses);
  const isAnswered = found.length === 0 ? addresses.length > 0 : options.hasNames === true;
  if (isAnswered) return found;
  const { stdout } = await askProgram(host, ['lspci', '-Dnn', '-d', '10de:'], options);
  const listed = parseLspci(stdout);
  if (found.length === 0) return listed;
  return found.map((gpu) => listed.find(({ pciAddress }) => pciAddress === gpu.pciAddress) ?? gpu);
}

async function readSysfs(host: Host, addresses: readonly string[]): Promise<readonly PciGpu[]> {
  const found = await Promise.all(
    addresses.slice(0, DEVICE_LIMIT).map(async (address) => {
      const folder = `/sys/bus/pci/devices/${address}`;
      const vendor = await host.readText(`${folder}/vendor`);
      if (vendor?.trim() !== NVIDIA_VENDOR) return [];
      const pciClass = (await host.readText(`${folder}/class`)) ?? '';
      const pciAddress = normalizePciAddress(address);
      if (!DISPLAY_CLASS.test(pciClass) || pciAddress === undefined) return [];
      const device = /^0x([\da-f]{4})\s*$/.exec((await host.readText(`${folder}/device`)) ?? '');
      const pciId = device?.[1] === undefined ? undefined : `10de:${device[1]}`;
      return [{ pciAddress, pciId, name: undefined }];
    }),
  );
  return found.flat();
}

/** `0000:01:00.0 3D controller [0302]: NVIDIA Corporation GM108M [GeForce 940M] [10de:1347] (rev a2)`. */
export function parseLspci(text: string): readonly PciGpu[] {
  return text
    .split('\n')
    .slice(0, DEVICE_LIMIT)
    .flatMap((line) => {
      const match = /^([\da-f:.]{7,12}) [^[\]]{1,60} \[03[\da-f]{2}\]: (.{1,200})$/.exec(line);
      const pciAddress = normalizePciAddress(match?.[1]);
      const rest = match?.[2] ?? '';
      const pciId = /\[(10de:[\da-f]{4})\]/.exec(rest)?.[1];
      if (pciAddress === undefined || pciId === undefined) return [];
      const names = [...rest.slice(0, rest.indexOf(`[${pciId}]`)).matchAll(/\[([^[\]]+)\]/g)];
      return [{ pciAddress, pciId, name: cleanText(names.at(-1)?.[1]) }];
    });
}
