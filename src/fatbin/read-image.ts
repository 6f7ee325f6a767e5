import type { ByteSource, ReadOptions } from '../bytes/byte-source.ts';
import { checkRange } from '../bytes/check-range.ts';
import { LZ4_FRAME_MAGIC } from '../bytes/decode-lz4-frame.ts';
import { ZSTD_MAGIC } from '../bytes/decode-zstd.ts';
import type { FatbinImage, ImageCompression, ImageTarget } from './fatbin-image.ts';
import {
  ENTRY_FIXED_BYTES,
  parseEntryHeader,
  parseEntryTexts,
  type EntryHeader,
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

export interface EntryRead {
  readonly image: FatbinImage;
  /** Where the next entry starts. */
  readonly end: number;
}

/** Reads the header of the entry at `offset`, which must end at `limit` or before. Its payload is not read. */
export async function readImage(
  source: ByteSource,
  { offset, limit }: { readonly offset: number; readonly limit: number },
  options: ReadOptions = {},
): Promise<EntryRead> {
  checkRange({ offset, length: ENTRY_FIXED_BYTES }, limit, 'fatbin.entry');
  const header = parseEntryHeader(await source.read(offset, ENTRY_FIXED_BYTES, options), offset);
  const length = header.headerBytes + header.paddedBytes;
  checkRange({ offset, length }, limit, 'fatbin.entry');
  const payloadOffset = offset + header.headerBytes;
  const isCompressed = (header.flags & FLAGS_COMPRESSED) !== 0;
  const compression = isCompressed
    ? await findCompression(source, { header, payloadOffset }, options)
    : 'none';
  const texts =
    header.nameOffset === 0 && header.optionsOffset === 0
      ? { objectName: undefined, options: undefined }
      : parseEntryTexts(await source.read(offset, header.headerBytes, options), header, offset);
  const image: FatbinImage = {
    kind: header.kind,
    rawKind: header.rawKind,
    target: findTarget(header),
    ptxIsa: header.kind === 'ptx' ? { major: header.major, minor: header.minor } : undefined,
    compression,
    offset,
    payloadOffset,
    payloadBytes: isCompressed ? header.compressedBytes : header.paddedBytes,
    decompressedBytes: isCompressed ? header.decompressedBytes : undefined,
    flags: header.flags,
    is64Bit: (header.flags & FLAG_64_BIT) !== 0,
    isDebug: (header.flags & FLAG_DEBUG) !== 0,
    objectName: texts.objectName,
    options: header.kind === 'ptx' || header.kind === 'lto' ? texts.options : undefined,
  };
  return { image, end: offset + length };
}

/** The letter of an architecture is in the flags alone; the field for the number has none. */
function findTarget({ capability, flags }: EntryHeader): ImageTarget {
  if ((flags & FLAG_ARCHITECTURE_SPECIFIC) !== 0) return { capability, variant: 'a' };
  if ((flags & FLAG_FAMILY_SPECIFIC) !== 0) return { capability, variant: 'f' };
  return { capability, variant: undefined };
}

/**
 * Looks at the first bytes too: fatbinary changes to LZ4 frames for very large images ("Compression algorithm swapped
 * to lz4 frame"), and no raw LZ4 block starts like a frame, as its first match would point before its start.
 */
async function findCompression(
  source: ByteSource,
  entry: { readonly header: EntryHeader; readonly payloadOffset: number },
  options: ReadOptions,
): Promise<ImageCompression> {
  const { flags, compressedBytes } = entry.header;
  const head = await source.read(entry.payloadOffset, Math.min(4, compressedBytes), options);
  const [first = 0, second = 0, third = 0, fourth = 0] = head;
  const magic = ((fourth << 24) | (third << 16) | (second << 8) | first) >>> 0;
  if (magic === ZSTD_MAGIC) return 'zstd';
  if (magic === LZ4_FRAME_MAGIC) return 'lz4-frame';
  if ((flags & FLAG_LZ4) !== 0) return 'lz4';
  return (flags & FLAG_ZSTD) !== 0 ? 'zstd' : 'unknown';
}
