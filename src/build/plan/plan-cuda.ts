import { checkCompatibility } from '../../compat/check-compatibility.ts';
import type { CompatCode, CompatTarget } from '../../compat/compat-image.ts';
import { findCudaVersion } from '../../compat/find-cuda-version.ts';
import { findPtxIsa } from '../../compat/find-ptx-isa.ts';
import type { HostGpu } from '../../compat/host-device.ts';
import { listDriverSteps } from '../../compat/list-driver-steps.ts';
import { runtimeFloors } from '../../compat/runtime-floors.ts';
import { LlcudaError } from '../../errors/llcuda-error.ts';
import { formatComputeCapability } from '../../units/compute-capability.ts';
import {
  compareCudaVersions,
  formatCudaVersion,
  type CudaVersion,
} from '../../units/cuda-version.ts';
import { compareDriverVersions, parseDriverVersion } from '../../units/driver-version.ts';
import type { CompressionMode, CudaPlan, PlannedGpu, PlannedImage } from './build-plan.ts';
import { chooseTarget, describeToolkitsFor } from './choose-target.ts';
import { createPlannedCode } from './create-planned-code.ts';
import { listEmittableTargets } from './list-emittable-targets.ts';
import type { NamedGpu } from './resolve-gpus.ts';

/** Since this toolkit llama.cpp chooses how nvcc compresses: zstd, unless told otherwise. */
const FIRST_WITH_MODE: CudaVersion = { major: 12, minor: 8 };
/** The first driver that reads zstd. */
const FIRST_WITH_ZSTD: CudaVersion = { major: 12, minor: 4 };
/** What newer GPUs compile from where all machine code is of a kind that has no PTX for others. */
const PTX_FALLBACK = 90;

export interface CudaRequest {
  readonly gpus: readonly NamedGpu[];
  readonly toolkit: CudaVersion;
  readonly minimumDriver: string;
  readonly hasPtx: boolean;
  readonly isCudartStatic: boolean;
}

/**
 * Machine code for every GPU, PTX of the highest for newer ones, compressed so that the driver can read it. Throws
 * `BUILD_TARGET_UNSUPPORTED` for a GPU or driver that this toolkit cannot build for, with the toolkits that can.
 */
export function planCuda(request: CudaRequest): CudaPlan {
  const { toolkit, minimumDriver, isCudartStatic } = request;
  checkDriver(request);
  const chosen = request.gpus.map(({ name, gpu }) => {
    const target = chooseTarget(gpu, toolkit);
    if (target === undefined) throw noTarget({ name, gpu }, request);
    return { name, gpu, target };
  });
  const targets = [...new Map(chosen.map(({ target }) => [formatTarget(target), target])).values()];
  const ptx = request.hasPtx ? choosePtx(targets, toolkit) : undefined;
  const compressionMode = chooseCompression(toolkit, minimumDriver);
  const images = listImages({ targets, ptx, toolkit, compressionMode });
  const name = formatCudaVersion(toolkit);
  const code = createPlannedCode({ images, toolkit: name });
  return {
    toolkit: name,
    gpus: chosen.map((item) => describeGpu(item, code, minimumDriver)),
    architectures: [
      ...targets.map((target) => `${formatTarget(target)}-real`),
      ...(ptx === undefined ? [] : [`${ptx}-virtual`]),
    ],
    images,
    compressionMode,
    isCudartStatic,
    minimumDriver,
  };
}

/** The lowest driver that the CUDA runtime of a toolkit accepts at all. */
export function findLowestDriver(toolkit: CudaVersion): string {
  const floor = runtimeFloors.find(({ major }) => major === toolkit.major)?.linux ?? '450.80.02';
  // A bare branch is any driver of it; its first release says the same more precisely.
  return listDriverSteps('linux').find(({ name }) => name.startsWith(floor))?.name ?? floor;
}

/** Whether a driver is older than what the runtime of the toolkit accepts: error 35 at the first call. */
export function isBelowRuntime(driver: string, toolkit: CudaVersion): boolean {
  const [found, floor] = [
    parseDriverVersion(driver),
    parseDriverVersion(findLowestDriver(toolkit)),
  ];
  const [branch] = floor ?? [];
  if (found === undefined || floor === undefined) return false;
  // `580` alone is the whole branch.
  return found.length === 1
    ? (found[0] ?? 0) < (branch ?? 0)
    : compareDriverVersions(found, floor) < 0;
}

function checkDriver({ minimumDriver, toolkit }: CudaRequest): void {
  if (findCudaVersion(parseDriverVersion(minimumDriver) ?? []) === undefined) {
    const reason = `${minimumDriver} is no driver that llcuda knows`;
    throw new LlcudaError('TARGET_INVALID', `Cannot build for that driver: ${reason}`, {
      detail: { text: minimumDriver, reason },
      hint: 'Write it as `550.54.15` or `550`.',
    });
  }
  if (!isBelowRuntime(minimumDriver, toolkit)) return;
  const able = runtimeFloors.filter(
    ({ major }) => !isBelowRuntime(minimumDriver, { major, minor: 0 }),
  );
  const toolkits = able.map(({ major }) => `${major}.x`).join(' or ');
  const name = formatCudaVersion(toolkit);
  const reason = `programs of CUDA ${name} need driver ${findLowestDriver(toolkit)} or newer, not ${minimumDriver}`;
  throw unsupported(reason, { target: `driver ${minimumDriver}`, toolkit: name, toolkits });
}

function noTarget({ name, gpu }: NamedGpu, { gpus, toolkit }: CudaRequest): LlcudaError {
  const capability = formatComputeCapability(gpu.capability);
  const version = formatCudaVersion(toolkit);
  // One that does for all of them, if there is one.
  const toolkits =
    describeToolkitsFor(gpus.map((named) => named.gpu)) ?? describeToolkitsFor([gpu]);
  const what = name === capability ? capability : `${name} (${capability})`;
  const reason = `CUDA ${version} makes no machine code for ${what}`;
  return unsupported(reason, { target: name, toolkit: version, toolkits });
}

function unsupported(
  reason: string,
  facts: {
    readonly target: string;
    readonly toolkit: string;
    readonly toolkits: string | undefined;
  },
): LlcudaError {
  const { target, toolkit, toolkits } = facts;
  const hint =
    toolkits === undefined || toolkits === ''
      ? 'No toolkit can: leave it out.'
      : `Build with CUDA ${toolkits}: install it and name it with --toolkit.`;
  const message = `Cannot build for ${target}: ${reason}`;
  const detail = { target, toolkit, reason, ...(toolkits ? { toolkits } : {}) };
  return new LlcudaError('BUILD_TARGET_UNSUPPORTED', message, { detail, hint });
}

/** The highest of the plan that has PTX for GPUs to come: what is for one architecture alone has none. */
function choosePtx(targets: readonly CompatTarget[], toolkit: CudaVersion): number | undefined {
  const plain = targets.filter(({ variant }) => variant === undefined);
  if (plain.length > 0) return Math.max(...plain.map(({ capability }) => capability));
  const emittable = listEmittableTargets(toolkit).map(({ capability }) => capability);
  return emittable.includes(PTX_FALLBACK) ? PTX_FALLBACK : undefined;
}

function chooseCompression(toolkit: CudaVersion, minimumDriver: string): CompressionMode {
  if (compareCudaVersions(toolkit, FIRST_WITH_MODE) < 0) return undefined;
  const driverCuda = findCudaVersion(parseDriverVersion(minimumDriver) ?? []);
  const readsZstd =
    driverCuda !== undefined && compareCudaVersions(driverCuda, FIRST_WITH_ZSTD) >= 0;
  return readsZstd ? 'size' : 'speed';
}

/** nvcc's `size` compresses all with zstd; `speed`, and everything before 12.8, PTX alone with LZ4. */
function listImages(plan: {
  readonly targets: readonly CompatTarget[];
  readonly ptx: number | undefined;
  readonly toolkit: CudaVersion;
  readonly compressionMode: CompressionMode;
}): readonly PlannedImage[] {
  const isZstd = plan.compressionMode === 'size';
  const sass = plan.targets.map((target): PlannedImage => ({
    kind: 'sass',
    target: `sm_${formatTarget(target)}`,
    compression: isZstd ? 'zstd' : 'none',
  }));
  const isa = findPtxIsa(plan.toolkit);
  if (plan.ptx === undefined || isa === undefined) return sass;
  const ptxIsa = `${isa.major}.${isa.minor}`;
  const compression = isZstd ? 'zstd' : 'lz4';
  return [...sass, { kind: 'ptx', target: `compute_${plan.ptx}`, ptxIsa, compression }];
}

function describeGpu(
  item: NamedGpu & { readonly target: CompatTarget },
  code: CompatCode,
  minimumDriver: string,
): PlannedGpu {
  const { name, gpu, target } = item;
  const capability = formatComputeCapability(gpu.capability);
  const driver = findNativeDriver(gpu, code, minimumDriver);
  if (driver === undefined) {
    const reason = `no driver from ${minimumDriver} on knows it`;
    throw new LlcudaError('BUILD_TARGET_UNSUPPORTED', `Cannot build for ${name}: ${reason}`, {
      detail: { target: name, toolkit: '', reason },
      hint: 'Leave it out, or name an older driver with --min-driver.',
    });
  }
  return { name, capability, target: `sm_${formatTarget(target)}`, minimumDriver: driver };
}

/** The lowest driver, not below the one asked for, with which the rules say `native`. */
function findNativeDriver(gpu: HostGpu, code: CompatCode, lowest: string): string | undefined {
  const floor = parseDriverVersion(lowest) ?? [];
  const steps = listDriverSteps('linux').filter(
    ({ driver }) => compareDriverVersions(driver, floor) > 0,
  );
  return [lowest, ...steps.map(({ name }) => name)].find((version) => {
    const cudaVersion = findCudaVersion(parseDriverVersion(version) ?? []);
    if (cudaVersion === undefined) return false;
    const driver = { version, cudaVersion };
    return checkCompatibility(code, { gpu, driver, os: 'linux' }).outcome === 'native';
  });
}

/** `120a`. */
function formatTarget({ capability, variant }: CompatTarget): string {
  return `${capability}${variant ?? ''}`;
}
