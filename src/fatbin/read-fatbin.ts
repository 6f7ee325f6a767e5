import { ByteCursor } from '../bytes/byte-cursor.ts';
import type { ByteSource, ReadOptions } from '../bytes/byte-source.ts';
import { checkRange } from '../bytes/check-range.ts';
import { unsupportedError } from '../bytes/unsupported-error.ts';
import type { Fatbin } from './fatbin.ts';
import type { FatbinImage } from './fatbin-image.ts';
import { ImageBudget } from './image-budget.ts';
import { readEntry } from './read-entry.ts';
import { checkIsStub } from './check-is-stub.ts';

/** First four bytes of a container, little endian. fatbinary.h: FATBIN_MAGIC. */
export const FATBIN_MAGIC = 0xba55ed50 as const;
/** Containers of the first toolkits. fatbinary.h: OLD_STYLE_FATBIN_MAGIC. */
const OLD_FATBIN_MAGIC = 0x1ee55a01;
/** Bytes of a container's header. */
export const FATBIN_HEADER_BYTES = 16 as const;

export interface FatbinPlace {
  readonly offset: number;
  /** Where the section or file that holds it ends. */
  readonly limit: number;
  readonly section: string | undefined;
}

export interface FatbinOptions extends ReadOptions {
  /** Shared by all containers of a source. @defaultValue one of its own */
  readonly budget?: ImageBudget | undefined;
  /** Whether a container may be of a device link, which its images then have to tell. @defaultValue true */
  readonly mayHoldStubs?: boolean | undefined;
}

/** Reads one container and the headers of its images. It must lie before `limit`, and its entries must fill it. */
export async function readFatbin(
  source: ByteSource,
  place: FatbinPlace,
  options: FatbinOptions = {},
): Promise<Fatbin> {
  const { budget = new ImageBudget() } = options;
  budget.takeFatbin();
  const { offset, limit, section } = place;
  checkRange({ offset, length: FATBIN_HEADER_BYTES }, limit, 'fatbin.header');
  const head = await source.read(offset, FATBIN_HEADER_BYTES, options);
  const { headerBytes, entriesBytes } = parseFatbinHeader(head, offset);
  const sizeBytes = headerBytes + entriesBytes;
  checkRange({ offset, length: sizeBytes }, limit, 'fatbin.size');
  const images: FatbinImage[] = [];
  const end = offset + sizeBytes;
  // Every entry takes 64 bytes or more, so this ends.
  for (let at = offset + headerBytes; at < end;) {
    const entry = await readEntry(source, { offset: at, limit: end }, options);
    for (const image of entry.images) {
      budget.takeImage();
      images.push(image);
    }
    at = entry.end;
  }
  const isStub = options.mayHoldStubs !== false && (await checkIsStub(source, images, options));
  return { offset, sizeBytes, section, member: undefined, isStub, images };
}

/** Parses the 16 bytes at the start of a container. */
export function parseFatbinHeader(
  bytes: Uint8Array,
  offset: number,
): { readonly headerBytes: number; readonly entriesBytes: number } {
  const cursor = new ByteCursor(bytes, { baseOffset: offset });
  const magic = cursor.u32('fatbin.magic');
  if (magic === OLD_FATBIN_MAGIC)
    throw unsupportedError('fatbin', 'a container of CUDA 3 or older');
  if (magic !== FATBIN_MAGIC) {
    throw cursor.malformed('fatbin.magic', `0x${magic.toString(16)} is not a fatbin`);
  }
  const version = cursor.u16('fatbin.version');
  if (version !== 1) throw unsupportedError('fatbin', `container version ${version}`);
  const headerBytes = cursor.u16('fatbin.headerSize');
  if (headerBytes < FATBIN_HEADER_BYTES) {
    throw cursor.malformed('fatbin.headerSize', `${headerBytes} bytes, 16 is the least`);
  }
  return { headerBytes, entriesBytes: cursor.u64('fatbin.size') };
}
