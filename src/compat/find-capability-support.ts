import { compareCudaVersions, type CudaVersion } from '../units/cuda-version.ts';
import type { ComputeCapability } from '../units/compute-capability.ts';

/** The drivers that know a GPU, by their CUDA version. `undefined`: no limit on that side in the table's range. */
export interface CapabilitySupport {
  readonly first: CudaVersion | undefined;
  readonly last: CudaVersion | undefined;
  readonly source: string;
}

/** First driver: the minimum of nvcc and LLVM for the architecture; the driver floor is that branch or an earlier one. */
const firstDrivers: ReadonlyMap<ComputeCapability, CudaVersion> = new Map([
  [80, { major: 11, minor: 0 }],
  [86, { major: 11, minor: 1 }],
  [87, { major: 11, minor: 4 }],
  [88, { major: 13, minor: 0 }],
  [89, { major: 11, minor: 8 }],
  [90, { major: 11, minor: 8 }],
  [100, { major: 12, minor: 8 }],
  [101, { major: 12, minor: 8 }],
  [103, { major: 12, minor: 9 }],
  [107, { major: 13, minor: 4 }],
  [110, { major: 13, minor: 0 }],
  [120, { major: 12, minor: 8 }],
  [121, { major: 12, minor: 9 }],
]);

/** R470 was the last branch for Kepler, R580 for Maxwell, Pascal and Volta: NVIDIA's Unix driver deprecation schedule. */
const lastDrivers: readonly { readonly below: ComputeCapability; readonly last: CudaVersion }[] = [
  { below: 50, last: { major: 11, minor: 4 } },
  { below: 75, last: { major: 13, minor: 0 } },
];

/** Which drivers know GPUs of this capability. */
export function findCapabilitySupport(capability: ComputeCapability): CapabilitySupport {
  return {
    first: firstDrivers.get(capability),
    last: lastDrivers.find(({ below }) => capability < below)?.last,
    source: 'nvcc and LLVM minimums; NVIDIA Unix driver deprecation schedule',
  };
}

/** Whether a driver of this CUDA version knows GPUs of this capability. True for capabilities not in the table. */
export function isCapabilityKnown(capability: ComputeCapability, cuda: CudaVersion): boolean {
  const { first, last } = findCapabilitySupport(capability);
  if (first !== undefined && compareCudaVersions(cuda, first) < 0) return false;
  return last === undefined || compareCudaVersions(cuda, last) <= 0;
}
