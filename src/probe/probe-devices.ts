import type { Host } from '../host/host.ts';
import type { DriverFacts } from './facts/driver-facts.ts';
import type { EnvironmentFacts } from './facts/environment-facts.ts';
import type { GpuFacts } from './facts/gpu-facts.ts';
import type { LibraryFacts } from './facts/library-facts.ts';
import type { PlatformFacts } from './facts/platform-facts.ts';
import type { VisibleDevicesFacts } from './facts/visible-devices-facts.ts';
import { collectGpus } from './gpus/collect-gpus.ts';
import { describeDriver } from './gpus/describe-driver.ts';
import { explainVisibleDevices } from './gpus/explain-visible-devices.ts';
import { findPciGpus, type PciGpu } from './gpus/find-pci-gpus.ts';
import { readKernelDriver, type KernelDriver } from './gpus/read-kernel-driver.ts';
import { readNative, skipNative, type NativeReading } from './gpus/read-native.ts';
import { findLibraries } from './libraries/find-libraries.ts';
import { readLoaderPath, type LoaderPath } from './libraries/loader-path.ts';
import { readSmi, type SmiReading } from './smi/read-smi.ts';
import { readEnvironment } from './system/read-environment.ts';
import { readPlatform } from './system/read-platform.ts';

/** What the rules ask of a host: its GPUs, its driver, and what stands between them and a program. */
export interface DeviceFacts {
  readonly platform: Omit<PlatformFacts, 'isDgxSpark'>;
  readonly environment: EnvironmentFacts;
  readonly driver: DriverFacts;
  readonly gpus: readonly GpuFacts[];
  readonly visibleDevices: VisibleDevicesFacts;
  /** Those of the driver. */
  readonly libraries: readonly LibraryFacts[];
}

export interface ProbeDevicesOptions {
  readonly signal?: AbortSignal | undefined;
  readonly timeoutMs?: number | undefined;
  /** If it was read already. */
  readonly loader?: LoaderPath | Promise<LoaderPath> | undefined;
  /** Asks nvidia-smi for names and versions only, and loads no library. @defaultValue false */
  readonly isLight?: boolean | undefined;
}

const driverLibraries = ['libcuda.so.1', 'libnvidia-ml.so.1', 'libnvidia-ptxjitcompiler.so.1'];

/** The part of the probe that is about GPUs. Never throws, other than when the signal fires. */
export async function probeDevices(
  host: Host,
  options: ProbeDevicesOptions = {},
): Promise<DeviceFacts> {
  const { signal, timeoutMs, isLight = false } = options;
  const early = isLight ? undefined : startEarly(host, { signal, timeoutMs });
  // It is waited for below, or given up together with what failed.
  early?.catch(() => undefined);
  const [platform, kernel, loader] = await Promise.all([
    readPlatform(host),
    readKernelDriver(host),
    options.loader ?? readLoaderPath(host, { signal }),
  ]);
  const libraries = await findLibraries(host, driverLibraries, { loader });
  const native = isLight
    ? skipNative('Not asked for.')
    : ((await early) ?? (await readLibraries(host, { libraries, signal, timeoutMs })));
  const hasNvml = (native.answer?.nvml?.devices.length ?? 0) > 0;
  const smi = hasNvml ? skippedSmi : await readSmi(host, { signal, timeoutMs, isShort: isLight });
  const pci = await findUndrivenGpus(host, { native, smi, kernel }, signal);
  const gpus = collectGpus({ native: native.answer, smi: smi.gpus, kernel: kernel.gpus, pci });
  const { CUDA_VISIBLE_DEVICES: value, CUDA_DEVICE_ORDER: order } = host.env;
  const driver = describeDriver({
    native: native.facts,
    smi: smi.facts,
    kernel,
    libraries,
    jetson: platform.jetson,
    isHostDriver: platform.isWsl || host.platform === 'win32',
  });
  return {
    platform,
    environment: readEnvironment(host),
    driver,
    gpus,
    visibleDevices: explainVisibleDevices({ value, order }, gpus),
    libraries,
  };
}

const skippedSmi: SmiReading = {
  gpus: [],
  facts: {
    outcome: 'skipped',
    command: undefined,
    message: 'NVML has told what it would.',
    driverVersion: undefined,
    cudaVersion: undefined,
  },
};

/** Of the kernel module, and of WSL2. */
const driverMarks = ['/proc/driver/nvidia/version', '/dev/nvidiactl', '/dev/dxg'];

/** What takes longest starts first, where a driver is sure to be there. */
async function startEarly(
  host: Host,
  options: Pick<ProbeDevicesOptions, 'signal' | 'timeoutMs'>,
): Promise<NativeReading | undefined> {
  const marks = await Promise.all(driverMarks.map(async (path) => host.findEntry(path)));
  return marks.some((entry) => entry !== undefined) ? readNative(host, options) : undefined;
}

/** On Linux the loader's path says beforehand whether there is anything to load. */
async function readLibraries(
  host: Host,
  { libraries, signal, timeoutMs }: Pick<DeviceFacts, 'libraries'> & ProbeDevicesOptions,
): Promise<NativeReading> {
  if (host.platform === 'darwin') return skipNative('macOS has no CUDA.');
  const isThere = libraries.some(
    ({ soname, loaded }) => soname !== 'libnvidia-ptxjitcompiler.so.1' && loaded !== undefined,
  );
  if (host.platform === 'linux' && !isThere) {
    return skipNative('The loader finds neither libcuda.so.1 nor libnvidia-ml.so.1.');
  }
  return readNative(host, { signal, timeoutMs });
}

interface Told {
  readonly native: NativeReading;
  readonly smi: SmiReading;
  readonly kernel: KernelDriver;
}

/** The bus is asked only where no driver answers: in a container it also has the GPUs of others. */
async function findUndrivenGpus(
  host: Host,
  { native, smi, kernel }: Told,
  signal: AbortSignal | undefined,
): Promise<readonly PciGpu[]> {
  const { nvml, libcuda } = native.answer ?? {};
  const counts = [nvml?.devices, libcuda?.devices, smi.gpus, kernel.gpus];
  if (counts.some((list) => list !== undefined && list.length > 0)) return [];
  return findPciGpus(host, { signal });
}
