import { readImagePayload } from '../fatbin/read-image-payload.ts';
import { formatImageTarget } from '../inspect/format-image-target.ts';
import type { BinarySource } from '../inspect/inspect-options.ts';
import { IMAGE_MAXIMUM_BYTES } from '../inspect/limits.ts';
import { visitImages, type VisitImagesOptions } from './visit-images.ts';

export interface PtxText {
  /** Of the binary that holds it. */
  readonly path: string;
  readonly fatbinIndex: number;
  /** `compute_90a`. */
  readonly target: string;
  readonly text: string;
}

/** Gives the text of every PTX image of a source to `visit`, one at a time. Throws what `inspectBinary` throws. */
export async function readPtxTexts(
  source: BinarySource,
  options: VisitImagesOptions,
  visit: (ptx: PtxText) => Promise<void>,
): Promise<void> {
  const maximumBytes = IMAGE_MAXIMUM_BYTES;
  const decoder = new TextDecoder();
  await visitImages(source, options, async ({ path, fatbinIndex, image, source: bytes }) => {
    if (image.kind !== 'ptx') return;
    const { signal } = options;
    const payload = await readImagePayload(bytes, image, { signal, maximumBytes });
    // A C string, and without compression padded with more zeros.
    const text = decoder.decode(payload).replace(/\0+$/, '');
    await visit({ path, fatbinIndex, target: formatImageTarget(image), text });
  });
}
