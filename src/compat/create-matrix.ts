import { LlcudaError } from '../errors/llcuda-error.ts';
import { formatComputeCapability } from '../units/compute-capability.ts';
import { formatCudaVersion } from '../units/cuda-version.ts';
import { isCapabilityKnown } from './find-capability-support.ts';
import { checkCompatibility } from './check-compatibility.ts';
import type { CompatCode } from './compat-image.ts';
import type { HostDriver, HostGpu, OperatingSystem } from './host-device.ts';
import { parseTarget } from './parse-target.ts';
import type { FileVerdict } from './verdict.ts';

export interface MatrixOptions {
  /** Names or capabilities, as `--for` takes them. @defaultValue `matrixGpus` */
  readonly gpus?: readonly string[] | undefined;
  /** Driver versions or branches. @defaultValue `matrixDrivers` of the operating system */
  readonly drivers?: readonly string[] | undefined;
  /** @defaultValue 'linux' */
  readonly os?: OperatingSystem | undefined;
}

export interface MatrixCell {
  readonly verdict: FileVerdict;
  /** False where the driver does not know the GPU, so that the two never meet. */
  readonly isReal: boolean;
}

export interface MatrixRow {
  readonly gpu: string;
  /** `7.5`. */
  readonly capability: string;
  /** One for each driver, in the order of `Matrix.drivers`. */
  readonly cells: readonly MatrixCell[];
}

/** What code does on many GPUs with many drivers. */
export interface Matrix {
  readonly os: OperatingSystem;
  readonly drivers: readonly { readonly version: string; readonly cuda: string }[];
  readonly rows: readonly MatrixRow[];
}

/** One GPU of each kind that people run models on. */
export const matrixGpus: readonly string[] = (
  'T4, A100, L4, RTX 3090, RTX 4090, H100, B200, RTX 5090, V100, P100, GTX 1080 Ti, Jetson Orin, ' +
  'DGX Spark'
).split(', ');

/** Long-lived branches, and where it is known the driver that Colab or Debian had of them. */
export const matrixDrivers: Readonly<Record<OperatingSystem, readonly string[]>> = {
  linux: ['470', '535.261.03', '550.54.15', '570', '580.82.07', '590', '610'],
  windows: ['472.50', '537.13', '551.78', '572.61', '580', '590', '610'],
};

/** Judges code on every pair of a GPU and a driver. Throws `TARGET_INVALID` for a GPU or driver that it cannot read. */
export function createMatrix(code: CompatCode, options: MatrixOptions = {}): Matrix {
  const os = options.os ?? 'linux';
  const drivers = (options.drivers ?? matrixDrivers[os]).map((version) => readDriver(version));
  const rows = (options.gpus ?? matrixGpus).map((name) => {
    const gpu = readGpu(name);
    const cells = drivers.map((driver) => createCell(code, { gpu, driver, os }));
    return { gpu: name, capability: formatComputeCapability(gpu.capability), cells };
  });
  const heads = drivers.map(({ version = '', cudaVersion }) => ({
    version,
    cuda: formatCudaVersion(cudaVersion),
  }));
  return { os, drivers: heads, rows };
}

function createCell(
  code: CompatCode,
  host: { readonly gpu: HostGpu; readonly driver: HostDriver; readonly os: OperatingSystem },
): MatrixCell {
  const verdict = checkCompatibility(code, host);
  return { verdict, isReal: isCapabilityKnown(host.gpu.capability, host.driver.cudaVersion) };
}

function readDriver(version: string): HostDriver {
  const { driver } = parseTarget(`driver=${version}`);
  if (driver === undefined) throw unreadable(version);
  return driver;
}

function readGpu(name: string): HostGpu {
  const { gpu } = parseTarget(`gpu=${name}`);
  if (gpu === undefined) throw unreadable(name);
  return gpu;
}

function unreadable(text: string): LlcudaError {
  const reason = 'it names neither a GPU nor a driver';
  return new LlcudaError('TARGET_INVALID', `Cannot use "${text}": ${reason}`, {
    detail: { text, reason },
  });
}
