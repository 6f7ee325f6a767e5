import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { checkLimit } from '../bytes/check-limit.ts';
import { isBinaryError } from '../bytes/is-binary-error.ts';
import { describeError } from '../errors/describe-error.ts';
import type { ErrorCode } from '../errors/error-details.ts';
import type { ImageKind } from '../fatbin/fatbin-image.ts';
import { readImagePayload } from '../fatbin/read-image-payload.ts';
import { createNodeHost } from '../host/create-node-host.ts';
import { formatImageTarget } from '../inspect/format-image-target.ts';
import type { BinarySource, ExamineOptions } from '../inspect/inspect-options.ts';
import { IMAGE_MAXIMUM_BYTES } from '../inspect/limits.ts';
import { EXTRACTED_IMAGES_MAXIMUM } from './limits.ts';
import { createNameImageFile } from './name-image-file.ts';
import { visitImages, type PlacedImage } from './visit-images.ts';
import { writeNewDirectory } from './write-new-directory.ts';

export interface ExtractedImage {
  /** Name of the file in the folder. */
  readonly name: string;
  /** Of the binary that holds it. */
  readonly path: string;
  readonly fatbinIndex: number;
  readonly kind: ImageKind;
  readonly target: string;
  readonly sizeBytes: number;
}

/** What could not be extracted: an image that cannot be decoded, or with no `target` a whole binary. */
export interface SkippedImage {
  readonly path: string;
  readonly fatbinIndex?: number;
  readonly target?: string;
  readonly code: ErrorCode;
  readonly message: string;
}

export interface Extraction {
  readonly schemaVersion: 1;
  readonly directory: string;
  readonly images: readonly ExtractedImage[];
  readonly skipped: readonly SkippedImage[];
}

/**
 * Writes every image of some binaries, decoded, as a file into a new folder: cubins and PTX texts. LTO-IR cannot be
 * decoded and is skipped. Throws what `inspectBinary` throws, and `OUTPUT_NOT_WRITABLE`; then nothing is written.
 */
export async function extractImages(
  sources: readonly BinarySource[],
  directory: string,
  options: ExamineOptions = {},
): Promise<Extraction> {
  const host = options.host ?? createNodeHost();
  const nameImageFile = createNameImageFile();
  const images: ExtractedImage[] = [];
  const skipped: SkippedImage[] = [];
  const onUnreadable = (path: string, error: unknown): void => {
    const { code, message } = describeError(error);
    skipped.push({ path, code, message });
  };
  await writeNewDirectory(resolve(host.workingDirectory, directory), async (staging) => {
    for (const source of sources) {
      await visitImages(source, { ...options, host, onUnreadable }, async (placed) => {
        checkLimit('extract.images', images.length + 1, EXTRACTED_IMAGES_MAXIMUM);
        const payload = await readPayload(placed, options);
        if ('code' in payload) {
          skipped.push({ ...describePlace(placed), ...payload });
          return;
        }
        const name = nameImageFile(placed);
        await writeFile(join(staging, name), payload.bytes, { flag: 'wx' });
        const { kind } = placed.image;
        images.push({ name, ...describePlace(placed), kind, sizeBytes: payload.bytes.length });
      });
    }
  });
  return { schemaVersion: 1, directory, images, skipped };
}

async function readPayload(
  { source, image }: PlacedImage,
  { signal }: ExamineOptions,
): Promise<{ readonly bytes: Uint8Array } | Pick<SkippedImage, 'code' | 'message'>> {
  try {
    const maximumBytes = IMAGE_MAXIMUM_BYTES;
    const bytes = await readImagePayload(source, image, { signal, maximumBytes });
    return { bytes: image.kind === 'ptx' ? trimNul(bytes) : bytes };
  } catch (error) {
    if (!isBinaryError(error)) throw error;
    const { code, message } = describeError(error);
    return { code, message };
  }
}

/** PTX is kept as a C string, and without compression padded with more zeros. */
function trimNul(bytes: Uint8Array): Uint8Array {
  let end = bytes.length;
  while (end > 0 && bytes[end - 1] === 0) end -= 1;
  return bytes.subarray(0, end);
}

function describePlace({ path, fatbinIndex, image }: PlacedImage): {
  readonly path: string;
  readonly fatbinIndex: number;
  readonly target: string;
} {
  return { path, fatbinIndex, target: formatImageTarget(image) };
}
