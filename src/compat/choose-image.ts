import type { CompatImage, CompatTarget } from './compat-image.ts';
import type { HostGpu } from './host-device.ts';
import { isPtxUsable } from './is-ptx-usable.ts';
import { isSassUsable } from './is-sass-usable.ts';

export interface ChooseImageOptions {
  /** `CUDA_FORCE_PTX_JIT=1`: machine code is ignored. */
  readonly forcePtxJit: boolean;
  /** Whether the driver knows entries that hold several images; others pass over them. */
  readonly readsConcatenated: boolean;
}

/**
 * The image of a fatbin that the driver takes for a GPU, whether it can then use it or not: the best machine code, else
 * the highest PTX. It never falls back to another one. Recorded on an H100 with driver 580 for all of
 * test/fixtures/cuda-truth. Of `90a` and `90` the first wins there; `f` before plain is inferred.
 */
export function chooseImage(
  images: readonly CompatImage[],
  gpu: HostGpu,
  options: ChooseImageOptions,
): CompatImage | undefined {
  const known = images.filter(({ slice }) => slice === undefined || options.readsConcatenated);
  const sass = known.filter(
    (image) => isMachineCode(image) && !options.forcePtxJit && isSassUsable(image.target, gpu),
  );
  const ptx = known.filter((image) => image.kind === 'ptx' && isPtxUsable(image.target, gpu));
  return highest(sass) ?? highest(ptx);
}

/** Mercury is what a cubin is from sm_100 on, before the driver finishes it: the rules of SASS hold. */
export function isMachineCode(image: CompatImage): boolean {
  return image.kind === 'sass' || image.kind === 'mercury';
}

function highest(images: readonly CompatImage[]): CompatImage | undefined {
  // `sort` is stable: of equal targets the first image wins.
  return [...images].sort((left, right) => rank(right.target) - rank(left.target))[0];
}

function rank({ capability, variant }: CompatTarget): number {
  const order = { a: 2, f: 1 };
  return capability * 3 + (variant === undefined ? 0 : order[variant]);
}
