import { ByteCursor } from './byte-cursor.ts';
import { DECODED_MAXIMUM_BYTES, ZSTD_BLOCK_MAXIMUM_BYTES } from './limits.ts';
import { unsupportedError } from './unsupported-error.ts';
import type { HuffmanTable } from './zstd/huffman-table.ts';
import { readLiterals } from './zstd/read-literals.ts';
import { readSequences, type SequenceState } from './zstd/read-sequences.ts';
import { ZstdOutput } from './zstd/zstd-output.ts';

/** First four bytes of a zstd frame, little endian. */
export const ZSTD_MAGIC: number = 0xfd2fb528;

/**
 * Decodes the zstd frames that fill the bytes. Work and memory are bounded by the input and by
 * `maximumBytes`, whatever the bytes say; fzstd 0.1.1, the pure JavaScript alternative, copies without end
 * for a forged block of 10 bytes. Dictionaries are not supported; checksums are skipped, not checked.
 * Format: RFC 8878.
 */
export function decodeZstd(bytes: Uint8Array, maximumBytes: number): Uint8Array {
  const cursor = new ByteCursor(bytes);
  const output = new ZstdOutput(Math.min(maximumBytes, DECODED_MAXIMUM_BYTES));
  if (bytes.length === 0) throw cursor.malformed('zstd.magic', 'there are no bytes');
  while (cursor.remainingBytes > 0) {
    const magic = cursor.u32('zstd.magic');
    if (magic === ZSTD_MAGIC) decodeFrame(cursor, output);
    else if (magic >= 0x184d2a50 && magic <= 0x184d2a5f) {
      cursor.skip(cursor.u32('zstd.skippableSize'), 'zstd.skippableFrame');
    } else throw cursor.malformed('zstd.magic', `unknown magic 0x${magic.toString(16)}`);
  }
  return output.finish();
}

function decodeFrame(cursor: ByteCursor, output: ZstdOutput): void {
  const { contentBytes, hasChecksum } = readFrameHeader(cursor);
  if (contentBytes !== undefined) output.reserve(contentBytes);
  output.startFrame();
  const start = output.length;
  const decoder = new BlockDecoder(output);
  for (let isLast = false; !isLast;) {
    const header = cursor.u16('zstd.block') | (cursor.u8('zstd.block') << 16);
    isLast = (header & 1) === 1;
    const size = header >> 3;
    if (size > ZSTD_BLOCK_MAXIMUM_BYTES) throw cursor.malformed('zstd.block', `${size} bytes`);
    const type = (header >> 1) & 3;
    if (type === 0) output.append(cursor.bytes(size, 'zstd.block'));
    else if (type === 1) output.repeat(cursor.u8('zstd.block'), size);
    else if (type === 2) decoder.decode(cursor.bytes(size, 'zstd.block'));
    else throw cursor.malformed('zstd.block', 'reserved block type');
    if (output.length - start > (contentBytes ?? Infinity)) break;
  }
  if (contentBytes !== undefined && output.length - start !== contentBytes) {
    throw cursor.malformed('zstd.contentSize', `${contentBytes}, but the blocks hold another size`);
  }
  if (hasChecksum) cursor.skip(4, 'zstd.checksum');
}

interface FrameHeader {
  readonly contentBytes: number | undefined;
  readonly hasChecksum: boolean;
}

/** RFC 8878, 3.1.1.1. The window size is not needed: all that was decoded stays in memory. */
function readFrameHeader(cursor: ByteCursor): FrameHeader {
  const descriptor = cursor.u8('zstd.frameHeader');
  if ((descriptor & 8) !== 0) throw cursor.malformed('zstd.frameHeader', 'reserved bit is set');
  const isSingleSegment = (descriptor & 0x20) !== 0;
  if (!isSingleSegment) cursor.skip(1, 'zstd.window');
  const dictionaryBytes = [0, 1, 2, 4][descriptor & 3] ?? 0;
  const dictionary = cursor.bytes(dictionaryBytes, 'zstd.dictionary');
  if (dictionary.some((byte) => byte !== 0)) {
    throw unsupportedError('zstd frame', 'it needs a dictionary');
  }
  return {
    contentBytes: readContentSize(cursor, descriptor >> 6, isSingleSegment),
    hasChecksum: (descriptor & 4) !== 0,
  };
}

function readContentSize(
  cursor: ByteCursor,
  format: number,
  isSingleSegment: boolean,
): number | undefined {
  const field = 'zstd.contentSize';
  if (format === 0) return isSingleSegment ? cursor.u8(field) : undefined;
  if (format === 1) return cursor.u16(field) + 256;
  return format === 2 ? cursor.u32(field) : cursor.u64(field);
}

/** Compressed blocks of one frame, which may use again what the blocks before them set up. */
class BlockDecoder {
  readonly #output: ZstdOutput;
  readonly #state: SequenceState = { tables: undefined, recentOffsets: [1, 4, 8] };
  #huffman: HuffmanTable | undefined;

  constructor(output: ZstdOutput) {
    this.#output = output;
  }

  decode(bytes: Uint8Array): void {
    const cursor = new ByteCursor(bytes);
    const literals = readLiterals(cursor, this.#huffman);
    this.#huffman = literals.table;
    readSequences(cursor, literals.bytes, { state: this.#state, output: this.#output });
  }
}
