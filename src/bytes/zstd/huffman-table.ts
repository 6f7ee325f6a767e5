import { ByteCursor } from '../byte-cursor.ts';
import { malformedError } from '../malformed-error.ts';
import { BackwardBits } from './backward-bits.ts';
import { readFseTable } from './fse-table.ts';

/** A Huffman decoding table, indexed by the next `width` bits of a stream. */
export interface HuffmanTable {
  readonly width: number;
  readonly symbols: Uint8Array;
  /** Bits that the symbol really takes. */
  readonly bits: Uint8Array;
}

/** Longest code: RFC 8878, 4.2.1. */
const MAXIMUM_WIDTH = 11;

/** Reads a tree description: weights in nibbles, or compressed with FSE. RFC 8878, 4.2.1. */
export function readHuffmanTable(cursor: ByteCursor): HuffmanTable {
  const header = cursor.u8('zstd.huffman');
  const weights =
    header < 128
      ? decodeWeights(cursor.bytes(header, 'zstd.huffman'))
      : readNibbles(cursor, header - 127);
  let sum = 0;
  for (const weight of weights) {
    if (weight > MAXIMUM_WIDTH) throw malformed(`weight ${weight}`);
    if (weight > 0) sum += 1 << (weight - 1);
  }
  if (sum === 0) throw malformed('no symbols');
  const width = 32 - Math.clz32(sum);
  const rest = (1 << width) - sum;
  if (width > MAXIMUM_WIDTH || (rest & (rest - 1)) !== 0) throw malformed('the codes do not fit');
  // The last symbol's weight is left out: it fills the code space.
  return buildHuffmanTable([...weights, 32 - Math.clz32(rest)], width);
}

/** Decodes a stream that must hold exactly as many symbols as the output has room for. */
export function decodeHuffmanStream(
  stream: Uint8Array,
  table: HuffmanTable,
  output: Uint8Array,
): void {
  const bits = new BackwardBits(stream);
  for (let index = 0; index < output.length; index += 1) {
    const code = bits.peek(table.width);
    output[index] = table.symbols[code] ?? 0;
    bits.skip(table.bits[code] ?? 0);
  }
  if (bits.remaining > 0) throw malformed(`${bits.remaining} bits are left over`);
}

function readNibbles(cursor: ByteCursor, count: number): number[] {
  const packed = cursor.bytes(Math.ceil(count / 2), 'zstd.huffman');
  return [...packed].flatMap((byte) => [byte >> 4, byte & 15]).slice(0, count);
}

/** Two states take turns on one stream until one of them lacks the bits to go on. */
function decodeWeights(bytes: Uint8Array): number[] {
  const cursor = new ByteCursor(bytes);
  const table = readFseTable(cursor, { maximumLog: 6, maximumSymbol: 255 });
  const bits = new BackwardBits(cursor.bytes(cursor.remainingBytes, 'zstd.huffman'));
  let state = bits.read(table.accuracyLog);
  let other = bits.read(table.accuracyLog);
  const weights: number[] = [];
  for (;;) {
    weights.push(table.symbols[state] ?? 0);
    const width = table.bits[state] ?? 0;
    if (width > bits.remaining) break;
    const next = (table.baselines[state] ?? 0) + bits.read(width);
    state = other;
    other = next;
    if (weights.length > 254) throw malformed('more than 255 weights');
  }
  weights.push(table.symbols[other] ?? 0);
  return weights;
}

/** Codes are given out from the longest to the shortest, in the order of the symbols. */
function buildHuffmanTable(weights: readonly number[], width: number): HuffmanTable {
  const symbols = new Uint8Array(1 << width);
  const bits = new Uint8Array(1 << width);
  let start = 0;
  for (let weight = 1; weight <= width; weight += 1) {
    for (const [symbol, own] of weights.entries()) {
      if (own !== weight) continue;
      const end = start + (1 << (weight - 1));
      symbols.fill(symbol, start, end);
      bits.fill(width + 1 - weight, start, end);
      start = end;
    }
  }
  return { width, symbols, bits };
}

function malformed(reason: string): Error {
  return malformedError({ field: 'zstd.huffman', offset: 0, reason });
}
