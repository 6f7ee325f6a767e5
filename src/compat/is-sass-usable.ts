import type { CompatTarget } from './compat-image.ts';
import type { HostGpu } from './host-device.ts';
import { isInFamily } from './is-in-family.ts';
import { isTegra, isTegraGpu } from './is-tegra.ts';

/**
 * Whether machine code for a target runs on a GPU: the same major capability and the same or a lower minor one
 * (Blackwell Compatibility Guide); `a` on exactly its capability, `f` within its family. Tegra and desktop code never
 * mix, and on Tegra nothing but the exact capability is promised (CUDA Programming Guide, "Binary Compatibility").
 */
export function isSassUsable(target: CompatTarget, gpu: HostGpu): boolean {
  if (isTegraGpu(gpu) || isTegra(target.capability)) return target.capability === gpu.capability;
  switch (target.variant) {
    case 'a':
      return target.capability === gpu.capability;
    case 'f':
      return isInFamily(target.capability, gpu.capability);
    case undefined:
      return (
        major(target.capability) === major(gpu.capability) && target.capability <= gpu.capability
      );
    default:
      return target.variant satisfies never;
  }
}

function major(capability: number): number {
  return Math.floor(capability / 10);
}
