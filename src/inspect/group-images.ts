import type { FatbinImage, ImageKind } from '../fatbin/fatbin-image.ts';
import { formatPtxIsaVersion } from '../units/ptx-isa-version.ts';
import { formatImageTarget } from './format-image-target.ts';
import type { ImageGroup } from './inspect-report.ts';

/** Counts images that are alike; machine code first, then by target. */
export function groupImages(images: readonly FatbinImage[]): readonly ImageGroup[] {
  const counts = new Map<string, number>();
  const firsts: FatbinImage[] = [];
  for (const image of images) {
    const key = createKey(image);
    const count = counts.get(key) ?? 0;
    if (count === 0) firsts.push(image);
    counts.set(key, count + 1);
  }
  return firsts
    .sort(compareImages)
    .map((image) => describeGroup(image, counts.get(createKey(image)) ?? 0));
}

function createKey(image: FatbinImage): string {
  return JSON.stringify(describeGroup(image, 0));
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
    (left.target.variant ?? '').localeCompare(right.target.variant ?? '', 'en') ||
    (left.ptxIsa?.major ?? 0) - (right.ptxIsa?.major ?? 0) ||
    (left.ptxIsa?.minor ?? 0) - (right.ptxIsa?.minor ?? 0) ||
    left.compression.localeCompare(right.compression, 'en')
  );
}
