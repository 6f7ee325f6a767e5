import type { FatbinImage, ImageKind } from '../fatbin/fatbin-image.ts';
import { formatPtxIsaVersion } from '../units/ptx-isa-version.ts';
import { formatImageTarget } from './format-image-target.ts';
import type { ImageGroup } from './inspect-report.ts';

/** Counts images that are alike; machine code first, then by target. */
export function groupImages(images: readonly FatbinImage[]): readonly ImageGroup[] {
  const groups = new Map<string, { readonly first: FatbinImage; count: number }>();
  for (const image of images) {
    const key = createKey(image);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { first: image, count: 1 });
    else group.count += 1;
  }
  return [...groups.values()]
    .sort((left, right) => compareImages(left.first, right.first))
    .map(({ first, count }) => describeGroup(first, count));
}

function createKey({ kind, target, ptxIsa, compression }: FatbinImage): string {
  const isa = ptxIsa === undefined ? '' : `${ptxIsa.major}.${ptxIsa.minor}`;
  return `${kind} ${target.capability}${target.variant ?? ''} ${isa} ${compression}`;
}

function describeGroup(image: FatbinImage, count: number): ImageGroup {
  const { kind, ptxIsa, compression } = image;
  return {
    kind,
    target: formatImageTarget(image),
    ...(ptxIsa !== undefined && { ptxIsa: formatPtxIsaVersion(ptxIsa) }),
    compression,
    count,
  };
}

const order: Readonly<Record<ImageKind, number>> = {
  sass: 0,
  ptx: 1,
  lto: 2,
  mercury: 3,
  unknown: 4,
};

function compareImages(left: FatbinImage, right: FatbinImage): number {
  return (
    order[left.kind] - order[right.kind] ||
    left.target.capability - right.target.capability ||
    compareTexts(left.target.variant ?? '', right.target.variant ?? '') ||
    (left.ptxIsa?.major ?? 0) - (right.ptxIsa?.major ?? 0) ||
    (left.ptxIsa?.minor ?? 0) - (right.ptxIsa?.minor ?? 0) ||
    compareTexts(left.compression, right.compression)
  );
}

/** By code unit: a collator takes 10 ms to load. */
function compareTexts(left: string, right: string): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}
