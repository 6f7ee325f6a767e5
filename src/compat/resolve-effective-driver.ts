import { compareCudaVersions, type CudaVersion } from '../units/cuda-version.ts';
import { findGpu } from './find-gpu.ts';
import type { HostDevice, HostGpu } from './host-device.ts';
import { isTegraGpu } from './is-tegra.ts';

/** The driver that a program really talks to: the host's own, or that of a cuda-compat package over it. */
export interface EffectiveDriver {
  readonly cudaVersion: CudaVersion;
  readonly isForwardCompat: boolean;
}

/**
 * A cuda-compat package raises everything to its own version: what cuDriverGetVersion says, the runtime check and the
 * PTX compiler. Packages that are not newer than the driver are left out, as NVIDIA's container images do; so are
 * they on Windows, where there are none.
 */
export function resolveEffectiveDriver(host: HostDevice): EffectiveDriver {
  const own = host.driver.cudaVersion;
  const compat = host.os === 'linux' ? host.forwardCompat?.cudaVersion : undefined;
  if (compat === undefined || compareCudaVersions(compat, own) <= 0) {
    return { cudaVersion: own, isForwardCompat: false };
  }
  return { cudaVersion: compat, isForwardCompat: true };
}

/** cuda-compat is for data-centre GPUs and Jetson boards: CUDA Compatibility guide. GeForce gives error 804. */
export function isForwardCompatSupported(gpu: HostGpu): boolean {
  if (isTegraGpu(gpu)) return true;
  return gpu.isDataCenter ?? findGpu(gpu.name ?? '')?.isDataCenter ?? false;
}
