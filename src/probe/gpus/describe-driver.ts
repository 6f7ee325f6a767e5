import { findCudaVersion } from '../../compat/find-cuda-version.ts';
import type { CudaVersion } from '../../units/cuda-version.ts';
import { parseDriverVersion } from '../../units/driver-version.ts';
import type { DriverFacts, NativeFacts, SmiFacts } from '../facts/driver-facts.ts';
import type { LibraryFacts } from '../facts/library-facts.ts';
import type { JetsonFacts } from '../facts/platform-facts.ts';
import type { Sourced } from '../facts/sourced.ts';
import type { KernelDriver } from './read-kernel-driver.ts';

export interface DriverEvidence {
  readonly native: NativeFacts;
  readonly smi: SmiFacts;
  readonly kernel: KernelDriver;
  readonly libraries: readonly LibraryFacts[];
  readonly jetson: JetsonFacts | undefined;
  /** WSL2 and Windows have no kernel module to look at. */
  readonly isHostDriver: boolean;
}

/** NVML_ERROR_LIB_RM_VERSION_MISMATCH, CUDA_ERROR_SYSTEM_DRIVER_MISMATCH. */
const mismatch = { nvml: 18, cuda: 803 };

/** Puts together what the kernel, the libraries and nvidia-smi say of the driver. */
export function describeDriver(evidence: DriverEvidence): DriverFacts {
  const { native, smi, kernel, libraries, jetson, isHostDriver } = evidence;
  const userVersion =
    findUserVersion(libraries) ?? (jetson ? undefined : native.nvml?.driverVersion);
  const { kernelVersion } = kernel;
  const [version, sourced] = chooseVersion(evidence, userVersion);
  const hasAnswer = version !== undefined || native.libcuda?.cudaVersion !== undefined;
  const isMismatched =
    smi.outcome === 'mismatch' ||
    native.nvml?.initResult === mismatch.nvml ||
    native.libcuda?.initResult === mismatch.cuda ||
    areDifferent(kernelVersion, userVersion, isHostDriver);
  const own = findOwnCudaVersion(version, evidence);
  return {
    version,
    kernelVersion,
    userVersion,
    isMismatched,
    kernelModule: isHostDriver && hasAnswer ? 'nvidia' : kernel.kernelModule,
    kernelModuleFlavour: kernel.kernelModuleFlavour,
    cudaVersion: own,
    effectiveCudaVersion: native.libcuda?.cudaVersion ?? smi.cudaVersion ?? own,
    native,
    smi,
    deviceNodes: kernel.deviceNodes,
    ...sourced,
  };
}

function chooseVersion(
  { native, smi, kernel }: DriverEvidence,
  userVersion: string | undefined,
): readonly [string | undefined, Sourced] {
  const candidates = [
    [kernel.kernelVersion, { source: 'kernel', confidence: 'certain' }],
    [native.nvml?.driverVersion, { source: 'nvml', confidence: 'certain' }],
    [smi.driverVersion, { source: 'nvidia-smi', confidence: 'certain' }],
    [userVersion, { source: 'file', confidence: 'likely' }],
  ] as const satisfies readonly (readonly [string | undefined, Sourced])[];
  return (
    candidates.find(([version]) => parseDriverVersion(version ?? '') !== undefined) ?? [
      undefined,
      { source: native.libcuda?.cudaVersion ? 'libcuda' : 'none', confidence: 'likely' },
    ]
  );
}

/** Of the first libcuda that is a driver's own: libcuda.so.550.54.15. */
function findUserVersion(libraries: readonly LibraryFacts[]): string | undefined {
  const copies = libraries.find(({ soname }) => soname === 'libcuda.so.1')?.copies ?? [];
  const own = copies.filter(({ kind, version }) => kind === 'normal' && version !== undefined);
  const [first] = [...own.filter(({ isOnLoaderPath }) => isOnLoaderPath), ...own];
  // Jetson's is libcuda.so.1.1.
  return /^\d{3,4}\./.test(first?.version ?? '') ? first?.version : undefined;
}

function areDifferent(
  kernel: string | undefined,
  user: string | undefined,
  isHostDriver: boolean,
): boolean {
  return !isHostDriver && kernel !== undefined && user !== undefined && kernel !== user;
}

/** CUDA of the L4T releases: NVIDIA, "JetPack Archive". */
const l4tVersions: readonly (readonly [l4t: RegExp, cuda: CudaVersion])[] = [
  [/^32\./, { major: 10, minor: 2 }],
  [/^3[45]\./, { major: 11, minor: 4 }],
  [/^36\.[0-3](?:\.|$)/, { major: 12, minor: 2 }],
  [/^36\./, { major: 12, minor: 6 }],
  [/^38\./, { major: 13, minor: 0 }],
];

/** Jetson's drivers are numbered otherwise: what libcuda says counts there, then the release of L4T. */
function findOwnCudaVersion(
  version: string | undefined,
  { native, libraries, jetson }: DriverEvidence,
): CudaVersion | undefined {
  if (jetson !== undefined) {
    const fromL4t = l4tVersions.find(([l4t]) => l4t.test(jetson.l4t ?? ''))?.[1];
    const loaded = libraries.find(({ soname }) => soname === 'libcuda.so.1')?.loaded;
    return loaded?.kind === 'compat' ? fromL4t : (native.libcuda?.cudaVersion ?? fromL4t);
  }
  const fromTable = findCudaVersion(parseDriverVersion(version ?? '') ?? []);
  return fromTable ?? native.libcuda?.cudaVersion;
}
