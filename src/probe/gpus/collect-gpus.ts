import { findGpu } from '../../compat/find-gpu.ts';
import { isTegra } from '../../compat/is-tegra.ts';
import type { CudaDevice, NativeAnswer, NvmlDevice } from '../../native/native-answer.ts';
import { cleanText } from '../clean-text.ts';
import type { GpuFacts } from '../facts/gpu-facts.ts';
import type { Sourced } from '../facts/sourced.ts';
import type { SmiGpu } from '../smi/smi-gpu.ts';
import type { PciGpu } from './find-pci-gpus.ts';
import { normalizePciAddress } from './normalize-pci-address.ts';
import type { KernelGpu } from './read-kernel-driver.ts';

export interface GpuEvidence {
  readonly native: NativeAnswer | undefined;
  readonly smi: readonly SmiGpu[];
  readonly kernel: readonly KernelGpu[];
  readonly pci: readonly PciGpu[];
}

/** Takes the GPUs from the most direct source that names any, and adds what libcuda says of each. */
export function collectGpus({ native, smi, kernel, pci }: GpuEvidence): readonly GpuFacts[] {
  const cudaDevices = native?.libcuda?.devices ?? [];
  const found = chooseSource(native, smi, kernel, pci, cudaDevices);
  return found.gpus.map((gpu, index) => describeGpu({ gpu, index, cudaDevices, ...found }));
}

interface Found extends Sourced {
  readonly gpus: readonly SmiGpu[];
}

function chooseSource(
  native: NativeAnswer | undefined,
  smi: readonly SmiGpu[],
  kernel: readonly KernelGpu[],
  pci: readonly PciGpu[],
  cudaDevices: readonly CudaDevice[],
): Found {
  const nvml = native?.nvml?.devices ?? [];
  if (nvml.length > 0) {
    return { source: 'nvml', confidence: 'certain', gpus: nvml.map(fromNvml) };
  }
  if (smi.length > 0) return { source: 'nvidia-smi', confidence: 'certain', gpus: smi };
  if (cudaDevices.length > 0) {
    return { source: 'libcuda', confidence: 'certain', gpus: cudaDevices.map(fromCuda) };
  }
  if (kernel.length > 0) return { source: 'kernel', confidence: 'likely', gpus: kernel };
  return { source: pci.length > 0 ? 'pci' : 'none', confidence: 'likely', gpus: pci };
}

interface Description extends Sourced {
  readonly gpu: SmiGpu;
  readonly index: number;
  readonly cudaDevices: readonly CudaDevice[];
}

function describeGpu({ gpu, index, cudaDevices, source, confidence }: Description): GpuFacts {
  const cudaIndex = cudaDevices.findIndex((device) => isSame(device, gpu));
  const cuda = cudaDevices[cudaIndex];
  const row = findGpu(gpu.name ?? '');
  const told = gpu.capability ?? cuda?.capability;
  const capability = told ?? row?.capability;
  const capabilitySource =
    gpu.capability === undefined ? (cuda?.capability === undefined ? 'table' : 'libcuda') : source;
  return {
    index,
    cudaIndex: cudaIndex < 0 ? undefined : cudaIndex,
    name: gpu.name,
    capability,
    capabilitySource: capability === undefined ? 'none' : capabilitySource,
    uuid: gpu.uuid,
    pciAddress: gpu.pciAddress,
    pciId: gpu.pciId,
    isTegra: row?.isTegra ?? (capability !== undefined && isTegra(capability)),
    isIntegrated: cuda?.isIntegrated ?? gpu.isIntegrated,
    memoryTotalBytes: gpu.memoryTotalBytes ?? cuda?.memoryTotalBytes,
    memoryFreeBytes: gpu.memoryFreeBytes,
    mig: gpu.mig ?? { mode: undefined, instances: [] },
    ecc: gpu.ecc ?? { mode: undefined, uncorrectedErrors: undefined },
    isPersistent: gpu.isPersistent,
    computeMode: gpu.computeMode,
    power: gpu.power ?? {
      usageWatts: undefined,
      limitWatts: undefined,
      maximumLimitWatts: undefined,
    },
    clocks: gpu.clocks ?? { smMhz: undefined, smMaximumMhz: undefined, memoryMhz: undefined },
    temperatureCelsius: gpu.temperatureCelsius,
    utilizationPercent: gpu.utilizationPercent,
    isDisplayActive: gpu.isDisplayActive,
    processes: gpu.processes ?? [],
    source,
    confidence,
  };
}

/** libcuda gives UUIDs without their prefix; the instances of a MIG GPU have UUIDs of their own. */
function isSame(device: CudaDevice, gpu: SmiGpu): boolean {
  const address = normalizePciAddress(device.pciAddress);
  if (address !== undefined && gpu.pciAddress !== undefined) return address === gpu.pciAddress;
  if (device.uuid !== undefined && gpu.uuid !== undefined) return gpu.uuid.endsWith(device.uuid);
  return device.name === gpu.name;
}

function fromNvml(device: NvmlDevice): SmiGpu {
  const { migInstances, migMode, eccMode, uncorrectedErrors } = device;
  return {
    name: cleanText(device.name),
    uuid: cleanText(device.uuid),
    capability: device.capability,
    pciAddress: normalizePciAddress(device.pciAddress),
    pciId: cleanText(device.pciId),
    memoryTotalBytes: device.memoryTotalBytes,
    memoryFreeBytes: device.memoryFreeBytes,
    mig: {
      mode: migMode,
      instances: migInstances.map(({ name, uuid, memoryTotalBytes, memoryFreeBytes }) => ({
        // `NVIDIA A100-SXM4-40GB MIG 1g.5gb`.
        profile: cleanText(name)?.split(' ').at(-1),
        uuid: cleanText(uuid),
        memoryTotalBytes,
        memoryFreeBytes,
      })),
    },
    ecc: { mode: eccMode, uncorrectedErrors },
    isPersistent: device.isPersistent,
    computeMode: describeComputeMode(device.computeMode),
    power: {
      usageWatts: toWatts(device.powerMilliwatts),
      limitWatts: toWatts(device.powerLimitMilliwatts),
      maximumLimitWatts: toWatts(device.maximumPowerLimitMilliwatts),
    },
    clocks: {
      smMhz: device.smMhz,
      smMaximumMhz: device.smMaximumMhz,
      memoryMhz: device.memoryMhz,
    },
    temperatureCelsius: device.temperatureCelsius,
    utilizationPercent: device.utilizationPercent,
    isDisplayActive: device.isDisplayActive,
    processes: device.processes.map(({ pid, name, memoryBytes }) => ({
      pid,
      name: cleanText(name),
      memoryBytes,
    })),
  };
}

function fromCuda(device: CudaDevice): SmiGpu {
  return {
    name: cleanText(device.name),
    uuid: device.uuid === undefined ? undefined : `GPU-${cleanText(device.uuid)}`,
    capability: device.capability,
    pciAddress: normalizePciAddress(device.pciAddress),
    memoryTotalBytes: device.memoryTotalBytes,
    isIntegrated: device.isIntegrated,
  };
}

/** nvmlComputeMode_t. */
function describeComputeMode(mode: number | undefined): GpuFacts['computeMode'] {
  if (mode === 0) return 'default';
  if (mode === 2) return 'prohibited';
  return mode === 1 || mode === 3 ? 'exclusive-process' : undefined;
}

function toWatts(milliwatts: number | undefined): number | undefined {
  return milliwatts === undefined ? undefined : milliwatts / 1000;
}
