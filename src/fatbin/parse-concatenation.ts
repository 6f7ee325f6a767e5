import { ByteCursor } from '../bytes/byte-cursor.ts';
import { checkLimit } from '../bytes/check-limit.ts';
import type { FatbinImage } from './fatbin-image.ts';
import { CONCATENATED_MAXIMUM } from './limits.ts';
import {
  ENTRY_FIXED_BYTES,
  parseEntryFacts,
  parseEntryTexts,
  type EntryFacts,
  type EntryHeader,
  type EntryTexts,
} from './parse-entry-header.ts';

/** Kind of an entry that holds several images of one kind, compressed as one: `fatbinary --concat`, since 13.4. */
export const CONCATENATION_KIND = 0x100 as const;

export interface ConcatenatedImage {
  readonly header: EntryFacts;
  readonly texts: EntryTexts;
  readonly slice: NonNullable<FatbinImage['slice']>;
}

/**
 * Parses the list of images in the header of a concatenated entry: `u32 count; u32 bytes` of the list, then for each
 * image an entry header as it would stand alone, but with an offset into the decoded bytes in place of its own size.
 * NVIDIA does not publish the layout; this one was read from the output of nvcc 13.5, and cuobjdump 13.5 lists the same.
 */
export function parseConcatenation(
  bytes: Uint8Array,
  entry: EntryHeader,
  offset: number,
): readonly ConcatenatedImage[] {
  const header = bytes.subarray(0, entry.headerBytes);
  const list = new ByteCursor(header, { baseOffset: offset });
  list.seek(entry.optionsOffset, 'fatbin.concatenation');
  const count = list.u32('fatbin.concatenation.count');
  checkLimit('fatbin.concatenation.count', count, CONCATENATED_MAXIMUM);
  if (count === 0) throw list.malformed('fatbin.concatenation.count', 'no images');
  const end = entry.optionsOffset + list.u32('fatbin.concatenation.bytes');
  const images: ConcatenatedImage[] = [];
  let at = entry.optionsOffset + 8;
  for (let index = 0; index < count; index += 1) {
    const image = parseImage(header.subarray(at, end), offset + at);
    images.push(image);
    at += image.recordBytes;
  }
  if (at !== end)
    throw list.malformed('fatbin.concatenation.bytes', `${count} images end at ${at}`);
  return images;
}

function parseImage(
  bytes: Uint8Array,
  offset: number,
): ConcatenatedImage & { readonly recordBytes: number } {
  const cursor = new ByteCursor(bytes, { baseOffset: offset });
  const rawKind = cursor.u16('fatbin.concatenation.kind');
  const slice = {
    offset: cursor.skip(2, 'fatbin.concatenation.version').u32('fatbin.concatenation.offset'),
    sizeBytes: cursor.u64('fatbin.concatenation.size'),
  };
  const header = parseEntryFacts(cursor.skip(4, 'fatbin.concatenation.compressed'), rawKind);
  const texts = parseEntryTexts(bytes, header, offset);
  return { header, texts, slice, recordBytes: findRecordBytes(cursor, header) };
}

/** The record does not state its own size: it ends with the last of its texts, its NUL, and padding to 8. */
function findRecordBytes(cursor: ByteCursor, header: EntryFacts): number {
  const { nameOffset, nameBytes, optionsOffset } = header;
  let end: number = ENTRY_FIXED_BYTES;
  if (nameOffset !== 0) end = Math.max(end, nameOffset + nameBytes + 1);
  if (optionsOffset !== 0) {
    const text = cursor.seek(optionsOffset, 'fatbin.entry.options').u32('fatbin.entry.options');
    end = Math.max(end, text + cursor.u32('fatbin.entry.options') + 1);
  }
  return Math.ceil(end / 8) * 8;
}
