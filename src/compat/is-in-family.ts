import type { ComputeCapability } from '../units/compute-capability.ts';

/**
 * Families of the `f` targets, which nvcc has since 12.9: Blackwell Compatibility Guide; nvcc 13.0 accepts and
 * refuses exactly these. Whether 10.7 (Rubin) belongs to the family of 10.0 is not established: it is kept apart.
 */
const families: readonly (readonly ComputeCapability[])[] = [
  [100, 103],
  [101],
  [107],
  [110],
  [120, 121],
];

/** Whether code for `sm_XYf` or `compute_XYf` is for this GPU: the same family, and the same or a higher minor. */
export function isInFamily(target: ComputeCapability, gpu: ComputeCapability): boolean {
  if (target === gpu) return true;
  return gpu > target && families.some((family) => family.includes(target) && family.includes(gpu));
}
