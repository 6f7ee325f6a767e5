import type { CompatCode, CompatImage, CompatTarget } from '../../compat/compat-image.ts';
import { parseComputeCapability } from '../../units/compute-capability.ts';
import { parseCudaVersion } from '../../units/cuda-version.ts';
import type { CudaPlan, PlannedImage } from './build-plan.ts';

/** The GPU code that a plan leads to, for the same rules that judge real files. */
export function createPlannedCode(plan: Pick<CudaPlan, 'images' | 'toolkit'>): CompatCode {
  const images = plan.images.map((image) => createImage(image));
  const runtimeMajor = parseCudaVersion(plan.toolkit)?.major;
  return { fatbins: [{ images, isStub: false }], runtimeMajor };
}

/** `sm_120a` as the rules have it. */
export function parsePlannedTarget(text: string): CompatTarget {
  const variant = text.endsWith('a') ? 'a' : undefined;
  return { capability: parseComputeCapability(text) ?? 0, variant };
}

function createImage({ kind, target, ptxIsa, compression }: PlannedImage): CompatImage {
  const [major = 0, minor = 0] = (ptxIsa ?? '').split('.').map(Number);
  return {
    kind,
    target: parsePlannedTarget(target),
    ptxIsa: ptxIsa === undefined ? undefined : { major, minor },
    compression,
    // Not known before it is built; the rules need no size.
    payloadBytes: 0,
    decompressedBytes: undefined,
  };
}
