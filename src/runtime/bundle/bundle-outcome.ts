import { findOutcome } from '../../compat/check-compatibility.ts';
import type { HostDevice } from '../../compat/host-device.ts';
import type { FileVerdict } from '../../compat/verdict.ts';
import type { BundleSummary } from './bundle-manifest.ts';
import { readGpuSummary } from './gpu-summary.ts';

const severity: readonly FileVerdict['outcome'][] = ['none', 'native', 'jit', 'fail'];

/** How the GPU code of a bundle fares on a device: that of the worst of its files. `none`: it holds no GPU code. */
export function findBundleOutcome(
  { gpu }: Pick<BundleSummary, 'gpu'>,
  device: HostDevice,
): FileVerdict['outcome'] {
  const outcomes = new Set(gpu.map((file) => findOutcome(readGpuSummary(file), device)));
  return severity.findLast((outcome) => outcomes.has(outcome)) ?? 'none';
}
