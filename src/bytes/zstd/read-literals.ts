import type { ByteCursor } from '../byte-cursor.ts';
import { ZSTD_BLOCK_MAXIMUM_BYTES } from '../limits.ts';
import { decodeHuffmanStream, readHuffmanTable, type HuffmanTable } from './huffman-table.ts';

export interface ZstdLiterals {
  readonly bytes: Uint8Array;
  /** The table that the next block may use again. */
  readonly table: HuffmanTable | undefined;
}

/** Reads the literals section of a block. RFC 8878, 3.1.1.3.1. */
export function readLiterals(cursor: ByteCursor, previous: HuffmanTable | undefined): ZstdLiterals {
  const first = cursor.u8('zstd.literals');
  const type = first & 3;
  const format = (first >> 2) & 3;
  if (type < 2) {
    const size = readStoredSize(cursor, { first, format });
    checkSize(cursor, size);
    const bytes =
      type === 0
        ? cursor.bytes(size, 'zstd.literals')
        : new Uint8Array(size).fill(cursor.u8('zstd.literals'));
    return { bytes, table: previous };
  }
  const { size, compressedSize } = readCompressedSizes(cursor, { first, format });
  checkSize(cursor, size);
  const end = cursor.offset + compressedSize;
  const table = type === 2 ? readHuffmanTable(cursor) : previous;
  if (table === undefined) throw cursor.malformed('zstd.literals', 'no earlier Huffman table');
  const bytes = new Uint8Array(size);
  const streams = cursor.bytes(end - cursor.offset, 'zstd.literals');
  if (format === 0) decodeHuffmanStream(streams, table, bytes);
  else decodeFourStreams(cursor, { streams, table, bytes });
  return { bytes, table };
}

interface SizeHeader {
  readonly first: number;
  readonly format: number;
}

function readStoredSize(cursor: ByteCursor, { first, format }: SizeHeader): number {
  if ((format & 1) === 0) return first >> 3;
  const size = (first >> 4) | (cursor.u8('zstd.literals') << 4);
  return format === 1 ? size : size | (cursor.u8('zstd.literals') << 12);
}

/** Two sizes of 10, 14 or 18 bits each, behind the first four bits. */
function readCompressedSizes(
  cursor: ByteCursor,
  { first, format }: SizeHeader,
): { readonly size: number; readonly compressedSize: number } {
  const width = [10, 10, 14, 18][format] ?? 10;
  const extraBytes = (4 + 2 * width) / 8 - 1;
  let bits = first;
  for (let index = 1; index <= extraBytes; index += 1) {
    bits += cursor.u8('zstd.literals') * 2 ** (8 * index);
  }
  const sizes = Math.floor(bits / 16);
  return { size: sizes % 2 ** width, compressedSize: Math.floor(sizes / 2 ** width) };
}

function checkSize(cursor: ByteCursor, size: number): void {
  if (size <= ZSTD_BLOCK_MAXIMUM_BYTES) return;
  throw cursor.malformed('zstd.literals', `${size} bytes in one block`);
}

/** A jump table of three sizes, then four streams of a quarter of the literals each. */
function decodeFourStreams(
  cursor: ByteCursor,
  job: { readonly streams: Uint8Array; readonly table: HuffmanTable; readonly bytes: Uint8Array },
): void {
  const { streams, table, bytes } = job;
  if (streams.length < 6) throw cursor.malformed('zstd.literals', 'no room for four streams');
  const quarter = Math.ceil(bytes.length / 4);
  if (quarter * 3 > bytes.length)
    throw cursor.malformed('zstd.literals', 'too few for four streams');
  let start = 6;
  for (let index = 0; index < 4; index += 1) {
    const size = (streams[index * 2] ?? 0) | ((streams[index * 2 + 1] ?? 0) << 8);
    const end = index === 3 ? streams.length : start + size;
    if (end > streams.length) throw cursor.malformed('zstd.literals', 'a stream is cut off');
    const output = bytes.subarray(
      index * quarter,
      index === 3 ? bytes.length : (index + 1) * quarter,
    );
    decodeHuffmanStream(streams.subarray(start, end), table, output);
    start = end;
  }
}
