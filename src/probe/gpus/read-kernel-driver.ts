import type { Host } from '../../host/host.ts';
import { cleanText } from '../clean-text.ts';
import type { DeviceNode, DriverFacts } from '../facts/driver-facts.ts';
import { normalizePciAddress } from './normalize-pci-address.ts';

export interface KernelDriver extends Pick<
  DriverFacts,
  'kernelVersion' | 'kernelModule' | 'kernelModuleFlavour' | 'deviceNodes'
> {
  /** Of /proc/driver/nvidia/gpus. */
  readonly gpus: readonly KernelGpu[];
}

export interface KernelGpu {
  readonly name: string | undefined;
  readonly uuid: string | undefined;
  readonly pciAddress: string | undefined;
}

const GPU_LIMIT = 128;

/** What the kernel tells of NVIDIA's driver, or of the one that is there in its place. Files only. */
export async function readKernelDriver(host: Host): Promise<KernelDriver> {
  if (host.platform !== 'linux') return noDriver;
  const [procVersion, moduleVersion, nvidia, nouveau, nvgpu, gpus, deviceNodes] = await Promise.all(
    [
      host.readText('/proc/driver/nvidia/version'),
      host.readText('/sys/module/nvidia/version'),
      host.list('/sys/module/nvidia'),
      host.list('/sys/module/nouveau'),
      host.list('/sys/module/nvgpu'),
      readGpus(host),
      findDeviceNodes(host),
    ],
  );
  const { version, flavour } = parseKernelDriver(procVersion ?? '');
  const isLoaded = procVersion !== undefined || moduleVersion !== undefined || nvidia.length > 0;
  const others = nvgpu.length > 0 ? 'tegra' : nouveau.length > 0 ? 'nouveau' : 'none';
  return {
    kernelVersion: version ?? parseVersion(moduleVersion ?? ''),
    kernelModule: isLoaded ? 'nvidia' : others,
    kernelModuleFlavour: flavour,
    deviceNodes,
    gpus,
  };
}

const noDriver: KernelDriver = {
  kernelVersion: undefined,
  kernelModule: 'none',
  kernelModuleFlavour: undefined,
  deviceNodes: [],
  gpus: [],
};

/**
 * `NVRM version: NVIDIA UNIX x86_64 Kernel Module  550.54.15  Tue Mar  5 ...`, and of the open module
 * `NVRM version: NVIDIA UNIX Open Kernel Module for x86_64  580.159.04  Release Build ...`.
 */
export function parseKernelDriver(text: string): {
  readonly version: string | undefined;
  readonly flavour: DriverFacts['kernelModuleFlavour'];
} {
  const match = /^NVRM version:.{0,60}?Kernel Module(?: for \S{1,20})?\s{1,8}(\S+)/m.exec(text);
  const version = parseVersion(match?.[1] ?? '');
  if (version === undefined) return { version, flavour: undefined };
  return { version, flavour: match?.[0].includes('Open Kernel') ? 'open' : 'proprietary' };
}

function parseVersion(text: string): string | undefined {
  return /^\s*(\d{2,4}(?:\.\d{1,4}){1,3})\s*$/.exec(text)?.[1];
}

async function readGpus(host: Host): Promise<readonly KernelGpu[]> {
  const folder = '/proc/driver/nvidia/gpus';
  const addresses = (await host.list(folder)).slice(0, GPU_LIMIT);
  return Promise.all(
    addresses.map(async (address) => {
      const text = (await host.readText(`${folder}/${address}/information`)) ?? '';
      return {
        name: cleanText(/^Model:[ \t]*(.+)$/m.exec(text)?.[1]),
        // `GPU-????????-...` until the driver first used it.
        uuid: /^GPU UUID:[ \t]*(GPU-[\da-f-]{36})[ \t]*$/m.exec(text)?.[1],
        pciAddress: normalizePciAddress(address),
      };
    }),
  );
}

/** /dev/nvidia0, nvidiactl, nvidia-uvm: CUDA needs all three kinds. */
async function findDeviceNodes(host: Host): Promise<readonly DeviceNode[]> {
  const names = (await host.list('/dev')).filter((name) =>
    /^nvidia(?:\d+|ctl|-uvm|-uvm-tools|-modeset)$|^dxg$|^nvhost-gpu$|^nvmap$/.test(name),
  );
  const nodes = await Promise.all(
    names.slice(0, GPU_LIMIT).map(async (name) => {
      const entry = await host.findEntry(`/dev/${name}`);
      const isAccessible = entry?.isReadable === true && entry.isWritable;
      return { path: `/dev/${name}`, isAccessible };
    }),
  );
  return nodes;
}
