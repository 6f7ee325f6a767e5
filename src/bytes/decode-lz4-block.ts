import { checkLimit } from './check-limit.ts';
import { malformedError } from './malformed-error.ts';

/**
 * Decodes one raw LZ4 block: no frame, no size in front. The output is measured first, so that what is
 * allocated is what the block holds, and `BINARY_TOO_LARGE` comes before the allocation.
 * Format: https://github.com/lz4/lz4/blob/dev/doc/lz4_Block_format.md
 */
export function decodeLz4Block(bytes: Uint8Array, maximumBytes: number): Uint8Array {
  const output = new Uint8Array(measureLz4Block(bytes, { maximumBytes }));
  copyLz4Block(bytes, output, 0);
  return output;
}

export interface Lz4MeasureOptions {
  readonly maximumBytes: number;
  /** Bytes before the block that its matches may point into. @defaultValue 0 */
  readonly historyBytes?: number;
}

/** Bytes that a block decodes to. Throws `BINARY_MALFORMED` unless every sequence of it is sound. */
export function measureLz4Block(bytes: Uint8Array, options: Lz4MeasureOptions): number {
  const { maximumBytes, historyBytes = 0 } = options;
  let position = 0;
  let size = 0;
  while (position < bytes.length) {
    const literals = readLength(bytes, position + 1, byteAt(bytes, position) >> 4);
    position = literals.position + literals.length;
    size += literals.length;
    if (position > bytes.length) throw malformed(position, 'literals end behind the block');
    checkLimit('lz4.outputBytes', size, maximumBytes);
    // The last sequence is literals alone.
    if (position === bytes.length) return size;
    const offset = byteAt(bytes, position) | (byteAt(bytes, position + 1) << 8);
    if (offset === 0 || offset > historyBytes + size) {
      throw malformed(position, `a match ${offset} bytes back, behind the start`);
    }
    const match = readLength(bytes, position + 2, byteAt(bytes, literals.tokenAt) & 15);
    position = match.position;
    size += match.length + MINIMUM_MATCH;
    checkLimit('lz4.outputBytes', size, maximumBytes);
  }
  throw malformed(position, 'the last sequence has no literals');
}

/** Decodes a block that `measureLz4Block` found sound to `output` at `start`; matches may reach before it. */
export function copyLz4Block(bytes: Uint8Array, output: Uint8Array, start: number): void {
  let position = 0;
  let end = start;
  while (position < bytes.length) {
    const literals = readLength(bytes, position + 1, byteAt(bytes, position) >> 4);
    position = literals.position + literals.length;
    output.set(bytes.subarray(literals.position, position), end);
    end += literals.length;
    if (position === bytes.length) return;
    const from = end - (byteAt(bytes, position) | (byteAt(bytes, position + 1) << 8));
    const match = readLength(bytes, position + 2, byteAt(bytes, literals.tokenAt) & 15);
    position = match.position;
    end = copyMatch(output, { from, end, length: match.length + MINIMUM_MATCH });
  }
}

const MINIMUM_MATCH = 4;

/** Copies forward byte by byte where the match overlaps what it writes: that is how a run is coded. */
function copyMatch(
  output: Uint8Array,
  match: { readonly from: number; readonly end: number; readonly length: number },
): number {
  const { from, end, length } = match;
  if (end - from >= length) output.copyWithin(end, from, from + length);
  else
    for (let index = 0; index < length; index += 1) output[end + index] = output[from + index] ?? 0;
  return end + length;
}

interface Lz4Length {
  readonly tokenAt: number;
  readonly length: number;
  /** Behind the length's extra bytes. */
  readonly position: number;
}

/** A length of a sequence: four bits of the token and, when they are 15, bytes until one is not 255. */
function readLength(bytes: Uint8Array, at: number, nibble: number): Lz4Length {
  let position = at;
  let length = nibble;
  if (nibble === 15) {
    let byte = 255;
    while (byte === 255) {
      byte = byteAt(bytes, position);
      position += 1;
      length += byte;
    }
  }
  return { tokenAt: at - 1, length, position };
}

function byteAt(bytes: Uint8Array, position: number): number {
  const byte = bytes[position];
  if (byte === undefined) throw malformed(position, 'the block is cut off');
  return byte;
}

function malformed(offset: number, reason: string): Error {
  return malformedError({ field: 'lz4.block', offset, reason });
}
