import type { ByteSource, ReadOptions } from '../bytes/byte-source.ts';
import { checkRange } from '../bytes/check-range.ts';
import { LZ4_FRAME_MAGIC } from '../bytes/decode-lz4-frame.ts';
import { ZSTD_MAGIC } from '../bytes/decode-zstd.ts';
import type { FatbinImage, ImageCompression, ImageTarget } from './fatbin-image.ts';
import { ENTRY_HEAD_BYTES } from './limits.ts';
import { CONCATENATION_KIND, parseConcatenation } from './parse-concatenation.ts';
import {
  ENTRY_FIXED_BYTES,
  parseEntryHeader,
  parseEntryTexts,
  type EntryFacts,
  type EntryHeader,
  type EntryTexts,
} from './parse-entry-header.ts';

/** Bits of the flags of an entry. */
const FLAG_64_BIT = 0x1;
const FLAG_DEBUG = 0x2;
const FLAG_LZ4 = 0x2000;
const FLAG_ZSTD = 0x8000;
/** The oldest scheme, LZ4, one between them that is not known, zstd. */
const FLAGS_COMPRESSED = 0xf000;
const FLAG_ARCHITECTURE_SPECIFIC = 0x100000;
const FLAG_FAMILY_SPECIFIC = 0x200000;

/** Bytes of a payload that tell how it is compressed. */
const MAGIC_BYTES = 4;

export interface EntryRead {
  /** One, or those of a concatenated entry. */
  readonly images: readonly FatbinImage[];
  /** Where the next entry starts. */
  readonly end: number;
}

/** Reads the header of the entry at `offset`, which must end at `limit` or before. Its payload is not read. */
export async function readEntry(
  source: ByteSource,
  { offset, limit }: { readonly offset: number; readonly limit: number },
  options: ReadOptions = {},
): Promise<EntryRead> {
  checkRange({ offset, length: ENTRY_FIXED_BYTES }, limit, 'fatbin.entry');
  const head = await source.read(offset, Math.min(ENTRY_HEAD_BYTES, limit - offset), options);
  const header = parseEntryHeader(head, offset);
  const length = header.headerBytes + header.paddedBytes;
  checkRange({ offset, length }, limit, 'fatbin.entry');
  const wanted = header.headerBytes + Math.min(MAGIC_BYTES, header.compressedBytes);
  const bytes = wanted <= head.length ? head : await source.read(offset, wanted, options);
  const end = offset + length;
  const entry = { header, bytes, offset };
  const isConcatenation = header.rawKind === CONCATENATION_KIND;
  return { images: isConcatenation ? createSlices(entry) : [createWhole(entry)], end };
}

interface EntryBytes {
  readonly header: EntryHeader;
  /** Of the header and the first bytes of the payload. */
  readonly bytes: Uint8Array;
  readonly offset: number;
}

function createWhole(entry: EntryBytes): FatbinImage {
  const { header, bytes, offset } = entry;
  const texts = parseEntryTexts(bytes.subarray(0, header.headerBytes), header, offset);
  return createImage(header, { texts, payload: describePayload(entry), slice: undefined });
}

function createSlices(entry: EntryBytes): FatbinImage[] {
  const { header, bytes, offset } = entry;
  const payload = describePayload(entry);
  return parseConcatenation(bytes, header, offset).map(({ header: own, texts, slice }) => {
    const range = { offset: slice.offset, length: slice.sizeBytes };
    checkRange(range, header.decompressedBytes, 'fatbin.concatenation.slice');
    return createImage(own, { texts, payload, slice });
  });
}

type PayloadFacts = Pick<
  FatbinImage,
  'compression' | 'offset' | 'payloadOffset' | 'payloadBytes' | 'decompressedBytes'
>;

function describePayload({ header, bytes, offset }: EntryBytes): PayloadFacts {
  const { headerBytes, compressedBytes, paddedBytes, decompressedBytes, flags } = header;
  const isCompressed = (flags & FLAGS_COMPRESSED) !== 0;
  return {
    compression: isCompressed ? findCompression(header, bytes.subarray(headerBytes)) : 'none',
    offset,
    payloadOffset: offset + headerBytes,
    payloadBytes: isCompressed ? compressedBytes : paddedBytes,
    decompressedBytes: isCompressed ? decompressedBytes : undefined,
  };
}

interface ImageParts {
  readonly texts: EntryTexts;
  readonly payload: PayloadFacts;
  readonly slice: FatbinImage['slice'];
}

/** One literal: spread objects take V8 three times the time and memory, for each of thousands of images. */
function createImage(facts: EntryFacts, { texts, payload, slice }: ImageParts): FatbinImage {
  const { kind, flags } = facts;
  return {
    kind,
    rawKind: facts.rawKind,
    target: findTarget(facts),
    ptxIsa: kind === 'ptx' ? { major: facts.major, minor: facts.minor } : undefined,
    compression: payload.compression,
    offset: payload.offset,
    payloadOffset: payload.payloadOffset,
    payloadBytes: payload.payloadBytes,
    decompressedBytes: payload.decompressedBytes,
    slice,
    flags,
    is64Bit: (flags & FLAG_64_BIT) !== 0,
    isDebug: (flags & FLAG_DEBUG) !== 0,
    objectName: texts.objectName,
    options: kind === 'ptx' || kind === 'lto' ? texts.options : undefined,
  };
}

/** The letter of an architecture is in the flags alone; the field for the number has none. */
function findTarget({ capability, flags }: EntryFacts): ImageTarget {
  if ((flags & FLAG_ARCHITECTURE_SPECIFIC) !== 0) return { capability, variant: 'a' };
  if ((flags & FLAG_FAMILY_SPECIFIC) !== 0) return { capability, variant: 'f' };
  return { capability, variant: undefined };
}

/**
 * Looks at the first bytes too: fatbinary changes to LZ4 frames for very large images ("Compression algorithm swapped
 * to lz4 frame"), and no raw LZ4 block starts like a frame, as its first match would point before its start.
 */
function findCompression(
  { flags, compressedBytes }: EntryHeader,
  payload: Uint8Array,
): ImageCompression {
  const head = payload.subarray(0, Math.min(MAGIC_BYTES, compressedBytes));
  const [first = 0, second = 0, third = 0, fourth = 0] = head;
  const magic = ((fourth << 24) | (third << 16) | (second << 8) | first) >>> 0;
  if (magic === ZSTD_MAGIC) return 'zstd';
  if (magic === LZ4_FRAME_MAGIC) return 'lz4-frame';
  if ((flags & FLAG_LZ4) !== 0) return 'lz4';
  return (flags & FLAG_ZSTD) !== 0 ? 'zstd' : 'unknown';
}
