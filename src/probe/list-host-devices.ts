import { findCudaVersion } from '../compat/find-cuda-version.ts';
import { findGpu } from '../compat/find-gpu.ts';
import type { HostDevice } from '../compat/host-device.ts';
import type { CudaVersion } from '../units/cuda-version.ts';
import { parseDriverVersion } from '../units/driver-version.ts';
import type { GpuFacts } from './facts/gpu-facts.ts';
import type { LibraryFacts } from './facts/library-facts.ts';
import type { DeviceFacts } from './probe-devices.ts';

/** The part of `HostFacts` that the rules ask for; `HostFacts` has it all. */
export type DeviceEvidence = Pick<
  DeviceFacts,
  'environment' | 'driver' | 'gpus' | 'visibleDevices' | 'libraries'
> & { readonly platform: Pick<DeviceFacts['platform'], 'platform'> };

/**
 * The GPUs of a host as the rules see them, once for each kind. Where CUDA_VISIBLE_DEVICES leaves some, those only; where it
 * leaves none, all: what would run is the question then. Empty without a driver, or with one that is not known.
 */
export function listHostDevices(facts: DeviceEvidence): readonly HostDevice[] {
  const { gpus, visibleDevices } = facts;
  const isPartial = visibleDevices.effect === 'some';
  const candidates = gpus.filter(
    ({ index }) => !isPartial || visibleDevices.gpuIndexes.includes(index),
  );
  const byKind = new Map<string, HostDevice>();
  for (const gpu of candidates) {
    const device = describeDevice(gpu, facts);
    const kind = `${gpu.name}/${gpu.capability}`;
    if (device !== undefined && !byKind.has(kind)) byKind.set(kind, device);
  }
  return [...byKind.values()];
}

function describeDevice(gpu: GpuFacts, facts: DeviceEvidence): HostDevice | undefined {
  const { driver, platform, environment, libraries } = facts;
  const { capability, name } = gpu;
  if (capability === undefined || driver.cudaVersion === undefined || gpu.source === 'pci') {
    return undefined;
  }
  const libcuda = findLibrary(libraries, 'libcuda.so.1');
  const compat = findForwardCompat(facts, libcuda);
  const hasPtxCompiler = checkPtxCompiler(libraries, libcuda);
  return {
    gpu: {
      capability,
      name,
      isTegra: gpu.isTegra,
      isDataCenter: findGpu(name ?? '')?.isDataCenter,
      isKnownToDriver: true,
    },
    driver: {
      ...(driver.version !== undefined && { version: driver.version }),
      cudaVersion: driver.cudaVersion,
    },
    os: platform.platform === 'win32' ? 'windows' : 'linux',
    environment: {
      forcePtxJit: environment.forcePtxJit,
      disablePtxJit: environment.disablePtxJit,
    },
    ...(hasPtxCompiler !== undefined && { hasPtxCompiler }),
    ...(compat !== undefined && { forwardCompat: { cudaVersion: compat } }),
    ...(libcuda?.loaded?.kind === 'stub' && { isStubDriver: true }),
  };
}

function findLibrary(libraries: readonly LibraryFacts[], soname: string): LibraryFacts | undefined {
  return libraries.find((library) => library.soname === soname);
}

/** Its file has the number of the driver that it was made of: libcuda.so.580.95.05 is CUDA 13.0. */
function findForwardCompat(
  { driver }: DeviceEvidence,
  libcuda: LibraryFacts | undefined,
): CudaVersion | undefined {
  const loaded = libcuda?.loaded;
  if (loaded?.kind !== 'compat') return undefined;
  const told = driver.native.libcuda?.cudaVersion ?? driver.smi.cudaVersion;
  return told ?? findCudaVersion(parseDriverVersion(loaded.version ?? '') ?? []);
}

/** `undefined` where it is not known how the loader finds libcuda: it may find the compiler the same way. */
function checkPtxCompiler(
  libraries: readonly LibraryFacts[],
  libcuda: LibraryFacts | undefined,
): boolean | undefined {
  const compiler = findLibrary(libraries, 'libnvidia-ptxjitcompiler.so.1');
  const driver = libcuda?.loaded;
  // What WSL2 puts in its place opens the driver's own libraries by their full paths.
  if (driver === undefined || compiler === undefined || driver.path.includes('/wsl/')) {
    return undefined;
  }
  const folder = driver.path.slice(0, driver.path.lastIndexOf('/'));
  return (
    compiler.loaded !== undefined ||
    compiler.copies.some(({ path }) => path.startsWith(`${folder}/`))
  );
}
