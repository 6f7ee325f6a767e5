import { findOutcome } from '../../compat/check-compatibility.ts';
import { gpuTable } from '../../compat/gpu-table.ts';
import { listDriverSteps } from '../../compat/list-driver-steps.ts';
import { formatComputeCapability } from '../../units/compute-capability.ts';
import type { BundleSummary, DriverFloor } from './bundle-manifest.ts';
import { readGpuSummary } from './gpu-summary.ts';

/**
 * For each kind of GPU that a driver makes all files work on: the lowest such driver, and how they run there. Jetson
 * boards are left out, as their drivers count otherwise.
 */
export function findDriverFloors({
  gpu,
  os,
}: Pick<BundleSummary, 'gpu' | 'os'>): readonly DriverFloor[] {
  if (gpu.length === 0) return [];
  const codes = gpu.map((file) => readGpuSummary(file));
  const rows = gpuTable.filter(({ isTegra }) => !isTegra);
  const capabilities = new Set(rows.map(({ capability }) => capability));
  return [...capabilities].flatMap((capability) => {
    for (const { name, cudaVersion } of listDriverSteps(os)) {
      const host = { gpu: { capability }, driver: { version: name, cudaVersion }, os };
      const outcomes = new Set(codes.map((code) => findOutcome(code, host)));
      if (outcomes.has('fail')) continue;
      const outcome = outcomes.has('jit') ? 'jit' : 'native';
      const floor = { capability: formatComputeCapability(capability), outcome } as const;
      return [{ ...floor, minimumDriver: name }];
    }
    return [];
  });
}
