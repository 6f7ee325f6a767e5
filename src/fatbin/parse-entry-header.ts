import { ByteCursor } from '../bytes/byte-cursor.ts';
import { checkLimit } from '../bytes/check-limit.ts';
import { decodeText } from '../bytes/decode-text.ts';
import type { FatbinImage, ImageKind } from './fatbin-image.ts';
import { ENTRY_HEADER_MAXIMUM_BYTES } from './limits.ts';

/** Bytes of the part of an entry header that every entry has. */
export const ENTRY_FIXED_BYTES = 64 as const;

/** What an entry says of its image. Offsets are from the start of the entry. */
export interface EntryFacts {
  readonly kind: ImageKind;
  readonly rawKind: number;
  readonly major: number;
  readonly minor: number;
  readonly capability: number;
  readonly flags: number;
  readonly nameOffset: number;
  readonly nameBytes: number;
  /** Of a record: offset and length of the text. */
  readonly optionsOffset: number;
}

/** What the fixed part of an entry header says. */
export interface EntryHeader extends EntryFacts {
  /** Where the payload starts: 64 to 128 bytes are seen. */
  readonly headerBytes: number;
  /** Padded to 8: the next entry follows. */
  readonly paddedBytes: number;
  /** Exact bytes, 0 if stored. */
  readonly compressedBytes: number;
  /** 0 if stored. */
  readonly decompressedBytes: number;
}

/**
 * Parses the 64 bytes at the start of an entry. NVIDIA does not publish the layout; this one was read from the output
 * of toolkits 11.8 to 13.1 (facts: fatbinary.h of old toolkits; docs of n-eiling/cuda-fatbin-decompression).
 */
export function parseEntryHeader(bytes: Uint8Array, offset: number): EntryHeader {
  const cursor = new ByteCursor(bytes, { baseOffset: offset });
  const rawKind = cursor.u16('fatbin.entry.kind');
  const headerBytes = cursor.skip(2, 'fatbin.entry.version').u32('fatbin.entry.headerSize');
  if (headerBytes < ENTRY_FIXED_BYTES) {
    throw cursor.malformed('fatbin.entry.headerSize', `${headerBytes} bytes, 64 is the least`);
  }
  checkLimit('fatbin.entry.headerSize', headerBytes, ENTRY_HEADER_MAXIMUM_BYTES);
  const paddedBytes = cursor.u64('fatbin.entry.size');
  const compressedBytes = cursor.u32('fatbin.entry.compressedSize');
  if (compressedBytes > paddedBytes) {
    throw cursor.malformed('fatbin.entry.compressedSize', `${compressedBytes} of ${paddedBytes}`);
  }
  const facts = parseEntryFacts(cursor, rawKind);
  return {
    kind: facts.kind,
    rawKind,
    major: facts.major,
    minor: facts.minor,
    capability: facts.capability,
    flags: facts.flags,
    nameOffset: facts.nameOffset,
    nameBytes: facts.nameBytes,
    optionsOffset: facts.optionsOffset,
    headerBytes,
    paddedBytes,
    compressedBytes,
    decompressedBytes: cursor.skip(12, 'fatbin.entry.key').u64('fatbin.entry.decompressedSize'),
  };
}

/** Reads on from byte 20 of an entry, up to its flags. */
export function parseEntryFacts(cursor: ByteCursor, rawKind: number): EntryFacts {
  const optionsOffset = cursor.u32('fatbin.entry.options');
  const minor = cursor.u16('fatbin.entry.minor');
  const major = cursor.u16('fatbin.entry.major');
  const capability = cursor.u32('fatbin.entry.arch');
  const nameOffset = cursor.u32('fatbin.entry.name');
  const nameBytes = cursor.u32('fatbin.entry.nameLength');
  const flags = cursor.u32('fatbin.entry.flags');
  const kind = kindByNumber[rawKind] ?? 'unknown';
  return { kind, rawKind, major, minor, capability, flags, nameOffset, nameBytes, optionsOffset };
}

const kindByNumber: Readonly<Record<number, ImageKind>> = {
  1: 'ptx',
  2: 'sass',
  4: 'sass', // the cubin kind of the first toolkits
  8: 'lto',
  16: 'mercury',
};

export type EntryTexts = Pick<FatbinImage, 'objectName' | 'options'>;

/** Parses the object name and the options, which stand between the fixed part and the payload in either order. */
export function parseEntryTexts(bytes: Uint8Array, header: EntryFacts, offset: number): EntryTexts {
  const { nameOffset, optionsOffset } = header;
  if (nameOffset === 0 && optionsOffset === 0) return { objectName: undefined, options: undefined };
  const cursor = new ByteCursor(bytes, { baseOffset: offset });
  return {
    objectName: nameOffset === 0 ? undefined : readText(cursor, nameOffset, header.nameBytes),
    options: optionsOffset === 0 ? undefined : readOptions(cursor, optionsOffset),
  };
}

function readOptions(cursor: ByteCursor, optionsOffset: number): string | undefined {
  const textOffset = cursor.seek(optionsOffset, 'fatbin.entry.options').u32('fatbin.entry.options');
  const length = cursor.u32('fatbin.entry.options');
  // SASS of sm_100 and up keeps a copy of `.nv.compat` here instead, behind an empty text.
  const isEmpty = cursor.seek(textOffset, 'fatbin.entry.options').u8('fatbin.entry.options') === 0;
  return isEmpty ? undefined : readText(cursor, textOffset, length);
}

function readText(cursor: ByteCursor, offset: number, length: number): string | undefined {
  const bytes = cursor.seek(offset, 'fatbin.entry.text').bytes(length, 'fatbin.entry.text');
  const text = decodeText(bytes)
    .replace(/\0[^]*$/, '')
    .trim();
  return text === '' ? undefined : text;
}
