import type { CompatTarget } from './compat-image.ts';
import type { HostGpu } from './host-device.ts';
import { isInFamily } from './is-in-family.ts';

/**
 * Whether PTX for a target can be compiled for a GPU, its version aside: any equal or lower capability, across major
 * versions and also from Tegra to desktop; `a` for exactly its capability, `f` within its family.
 */
export function isPtxUsable(target: CompatTarget, gpu: HostGpu): boolean {
  switch (target.variant) {
    case 'a':
      return target.capability === gpu.capability;
    case 'f':
      return isInFamily(target.capability, gpu.capability);
    case undefined:
      return target.capability <= gpu.capability;
    default:
      return target.variant satisfies never;
  }
}
