import type { ByteSource } from '../bytes/byte-source.ts';
import type { FatbinImage } from '../fatbin/fatbin-image.ts';
import type { BinarySource, ExamineOptions } from '../inspect/inspect-options.ts';
import { visitBinaries } from '../inspect/visit-binaries.ts';
import { nameBinaryError } from './name-binary-error.ts';

/** An image, and where it is. */
export interface PlacedImage {
  /** Of the binary, as reports have it. */
  readonly path: string;
  /** Number of its fatbin in the binary, from 0; device-link stubs, which hold no code, are not counted. */
  readonly fatbinIndex: number;
  readonly image: FatbinImage;
  /** What the offsets of the image are in. Valid until the visit ends. */
  readonly source: ByteSource;
}

export interface VisitImagesOptions extends ExamineOptions {
  /** Called for a binary in a folder or archive that cannot be read. */
  readonly onUnreadable?: ((path: string, error: unknown) => void) | undefined;
}

/** Visits every image of every binary of a source, in the order of the files. Throws what `inspectBinary` throws. */
export async function visitImages(
  source: BinarySource,
  options: VisitImagesOptions,
  visit: (image: PlacedImage) => Promise<void>,
): Promise<void> {
  await visitBinaries(source, options, async (binary) => {
    if (binary.code === undefined) {
      options.onUnreadable?.(binary.path, binary.error);
      return;
    }
    const fatbins = binary.code.fatbins.filter(({ isStub }) => !isStub);
    for (const [fatbinIndex, { images }] of fatbins.entries()) {
      for (const image of images) {
        await visit({ path: binary.path, fatbinIndex, image, source: binary.source });
      }
    }
  }).catch((error: unknown) => {
    throw nameBinaryError(typeof source === 'string' ? source : source.name, error);
  });
}
