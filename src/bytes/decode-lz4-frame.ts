import { ByteCursor } from './byte-cursor.ts';
import { copyLz4Block, measureLz4Block } from './decode-lz4-block.ts';
import { unsupportedError } from './unsupported-error.ts';
import { checkLimit } from './check-limit.ts';

/** First four bytes of an LZ4 frame, little endian. */
export const LZ4_FRAME_MAGIC: number = 0x184d2204;

/**
 * Decodes one LZ4 frame that fills the bytes. Its checksums are skipped, not checked.
 * Format: https://github.com/lz4/lz4/blob/dev/doc/lz4_Frame_format.md
 */
export function decodeLz4Frame(bytes: Uint8Array, maximumBytes: number): Uint8Array {
  const cursor = new ByteCursor(bytes);
  const header = readFrameHeader(cursor);
  const blocks = readBlocks(cursor, header);
  const sizes: number[] = [];
  let totalBytes = 0;
  for (const { data, isStored } of blocks) {
    const left = Math.min(header.blockMaximumBytes, maximumBytes - totalBytes);
    const historyBytes = header.hasLinkedBlocks ? totalBytes : 0;
    const size = isStored
      ? data.length
      : measureLz4Block(data, { maximumBytes: left, historyBytes });
    checkLimit('lz4.outputBytes', totalBytes + size, maximumBytes);
    sizes.push(size);
    totalBytes += size;
  }
  if (header.contentBytes !== undefined && header.contentBytes !== totalBytes) {
    throw cursor.malformed(
      'lz4.contentSize',
      `${header.contentBytes}, but ${totalBytes} were decoded`,
    );
  }
  const output = new Uint8Array(totalBytes);
  let end = 0;
  for (const [index, { data, isStored }] of blocks.entries()) {
    if (isStored) output.set(data, end);
    else copyLz4Block(data, output, end);
    end += sizes[index] ?? 0;
  }
  return output;
}

interface FrameHeader {
  readonly hasLinkedBlocks: boolean;
  readonly hasBlockChecksums: boolean;
  readonly hasContentChecksum: boolean;
  readonly contentBytes: number | undefined;
  readonly blockMaximumBytes: number;
}

function readFrameHeader(cursor: ByteCursor): FrameHeader {
  if (cursor.u32('lz4.magic') !== LZ4_FRAME_MAGIC) {
    throw cursor.malformed('lz4.magic', 'not an LZ4 frame');
  }
  const flags = cursor.u8('lz4.flags');
  if (flags >> 6 !== 1) throw unsupportedError('LZ4 frame', `version ${flags >> 6}`);
  const blockSize = (cursor.u8('lz4.blockSize') >> 4) & 7;
  if (blockSize < 4) throw cursor.malformed('lz4.blockSize', `reserved value ${blockSize}`);
  const contentBytes = flags & 8 ? cursor.u64('lz4.contentSize') : undefined;
  if (flags & 1) throw unsupportedError('LZ4 frame', 'it needs a dictionary');
  cursor.skip(1, 'lz4.headerChecksum');
  return {
    hasLinkedBlocks: (flags & 0x20) === 0,
    hasBlockChecksums: (flags & 0x10) !== 0,
    hasContentChecksum: (flags & 4) !== 0,
    contentBytes,
    // 4: 64 KiB, 5: 256 KiB, 6: 1 MiB, 7: 4 MiB.
    blockMaximumBytes: 2 ** (8 + 2 * blockSize),
  };
}

interface FrameBlock {
  readonly data: Uint8Array;
  readonly isStored: boolean;
}

function readBlocks(cursor: ByteCursor, header: FrameHeader): FrameBlock[] {
  const blocks: FrameBlock[] = [];
  for (;;) {
    const size = cursor.u32('lz4.blockSize');
    if (size === 0) break;
    const length = size & 0x7fffffff;
    if (length > header.blockMaximumBytes) {
      throw cursor.malformed('lz4.blockSize', `${length} is above the frame's maximum`);
    }
    blocks.push({ data: cursor.bytes(length, 'lz4.block'), isStored: size > 0x7fffffff });
    if (header.hasBlockChecksums) cursor.skip(4, 'lz4.blockChecksum');
  }
  if (header.hasContentChecksum) cursor.skip(4, 'lz4.contentChecksum');
  if (cursor.remainingBytes > 0) {
    throw cursor.malformed('lz4.frame', `${cursor.remainingBytes} bytes follow it`);
  }
  return blocks;
}
