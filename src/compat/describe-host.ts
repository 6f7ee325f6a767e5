import { formatComputeCapability } from '../units/compute-capability.ts';
import { formatCudaVersion } from '../units/cuda-version.ts';
import { stripControlCharacters } from '../units/strip-control-characters.ts';
import type { CompatImage } from './compat-image.ts';
import type { HostDevice, HostGpu } from './host-device.ts';
import { isMachineCode } from './choose-image.ts';
import { resolveEffectiveDriver } from './resolve-effective-driver.ts';

/** `Tesla T4 (7.5)`, `a GPU of compute capability 7.5`. */
export function describeGpu(gpu: HostGpu): string {
  const capability = formatComputeCapability(gpu.capability);
  if (gpu.name === undefined) return `a GPU of compute capability ${capability}`;
  return `${stripControlCharacters(gpu.name)} (${capability})`;
}

/** `driver 550.54.15 (CUDA 12.4)`, `a driver of CUDA 12.4`, `driver 535.261.03 with cuda-compat 12.4`. */
export function describeDriver(host: HostDevice): string {
  const { cudaVersion, isForwardCompat } = resolveEffectiveDriver(host);
  const cuda = formatCudaVersion(cudaVersion);
  const { version } = host.driver;
  const name = version === undefined ? undefined : `driver ${stripControlCharacters(version)}`;
  if (isForwardCompat) return `${name ?? 'the driver'} with cuda-compat ${cuda}`;
  return name === undefined ? `a driver of CUDA ${cuda}` : `${name} (CUDA ${cuda})`;
}

/** `sm_90a` for machine code, `compute_90a` for PTX. */
export function describeTarget(image: CompatImage): string {
  const { capability, variant } = image.target;
  return `${isMachineCode(image) ? 'sm_' : 'compute_'}${capability}${variant ?? ''}`;
}
