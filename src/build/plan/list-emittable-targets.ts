import type { CompatTarget } from '../../compat/compat-image.ts';
import { findToolkitTargets } from '../../compat/toolkit-targets.ts';
import type { CudaVersion } from '../../units/cuda-version.ts';

/** Older GPUs are not supported by the CUDA code of llama.cpp. */
const LOWEST_CAPABILITY = 50;

/**
 * The machine code that llama.cpp's build makes with a toolkit. It turns every plain 12X into 12Xa, for the FP4
 * instructions, and takes the plain form of all others.
 */
export function listEmittableTargets(toolkit: CudaVersion): readonly CompatTarget[] {
  return findToolkitTargets(toolkit).flatMap((text) => {
    const match = /^(\d+)([af]?)$/.exec(text);
    const capability = Number(match?.[1]);
    const variant = match?.[2] === 'a' || match?.[2] === 'f' ? match[2] : undefined;
    const wanted = isArchitectureSpecific(capability) ? 'a' : undefined;
    return capability >= LOWEST_CAPABILITY && variant === wanted ? [{ capability, variant }] : [];
  });
}

/** `CMAKE_CUDA_ARCHITECTURES MATCHES "^12[0-9]"` in ggml-cuda/CMakeLists.txt. */
function isArchitectureSpecific(capability: number): boolean {
  return capability >= 120 && capability < 130;
}
