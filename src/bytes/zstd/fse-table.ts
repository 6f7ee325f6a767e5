import type { ByteCursor } from '../byte-cursor.ts';
import { malformedError } from '../malformed-error.ts';

/** A finite-state entropy decoding table: what each state stands for, and how to reach the next. */
export interface FseTable {
  readonly accuracyLog: number;
  readonly symbols: Uint8Array;
  readonly bits: Uint8Array;
  readonly baselines: Uint16Array;
}

export interface FseLimits {
  readonly maximumLog: number;
  readonly maximumSymbol: number;
}

/** Reads a table description and leaves the cursor on the byte behind it. RFC 8878, 4.1.1. */
export function readFseTable(cursor: ByteCursor, limits: FseLimits): FseTable {
  const bits = new ForwardBits(cursor);
  const accuracyLog = bits.read(4) + 5;
  if (accuracyLog > limits.maximumLog) throw malformed(`accuracy log ${accuracyLog}`);
  const counts: number[] = [];
  let remaining = 1 << accuracyLog;
  while (remaining > 0) {
    const count = readCount(bits, remaining);
    // A count of -1 is "less than one": one cell of the table.
    remaining -= Math.abs(count);
    counts.push(count);
    if (count === 0) {
      for (let repeat = 3; repeat === 3;) {
        repeat = bits.read(2);
        for (let index = 0; index < repeat; index += 1) counts.push(0);
        if (counts.length > limits.maximumSymbol + 1) throw malformed('too many symbols');
      }
    }
    if (counts.length > limits.maximumSymbol + 1) throw malformed('too many symbols');
  }
  return buildFseTable(counts, accuracyLog);
}

/** A table in which every state stands for one symbol and takes no bits. */
export function createRleTable(symbol: number): FseTable {
  return {
    accuracyLog: 0,
    symbols: Uint8Array.of(symbol),
    bits: new Uint8Array(1),
    baselines: new Uint16Array(1),
  };
}

/** Lays the symbols out over the states. The counts must add up to the table's size. */
export function buildFseTable(counts: readonly number[], accuracyLog: number): FseTable {
  const size = 1 << accuracyLog;
  const symbols = new Uint8Array(size);
  const next = new Uint16Array(counts.length);
  let high = size;
  for (const [symbol, count] of counts.entries()) {
    next[symbol] = Math.abs(count);
    if (count === -1) symbols[(high -= 1)] = symbol;
  }
  const step = (size >> 1) + (size >> 3) + 3;
  let state = 0;
  for (const [symbol, count] of counts.entries()) {
    for (let index = 0; index < count; index += 1) {
      symbols[state] = symbol;
      do state = (state + step) & (size - 1);
      while (state >= high);
    }
  }
  const bits = new Uint8Array(size);
  const baselines = new Uint16Array(size);
  for (const [index, symbol] of symbols.entries()) {
    const value = next[symbol] ?? 0;
    next[symbol] = value + 1;
    const width = accuracyLog - (31 - Math.clz32(value));
    bits[index] = width;
    baselines[index] = (value << width) - size;
  }
  return { accuracyLog, symbols, bits, baselines };
}

/** One count, in as few bits as the cells that are left allow. */
function readCount(bits: ForwardBits, remaining: number): number {
  const width = 32 - Math.clz32(remaining + 1);
  const lowMask = (1 << (width - 1)) - 1;
  const threshold = (1 << width) - 1 - (remaining + 1);
  const low = bits.read(width - 1);
  if (low < threshold) return low - 1;
  const value = low | (bits.read(1) << (width - 1));
  return (value > lowMask ? value - threshold : value) - 1;
}

/** Bits from the lowest of each byte up, taken from a cursor a byte at a time. */
class ForwardBits {
  readonly #cursor: ByteCursor;
  #value = 0;
  #available = 0;

  constructor(cursor: ByteCursor) {
    this.#cursor = cursor;
  }

  read(count: number): number {
    while (this.#available < count) {
      this.#value |= this.#cursor.u8('zstd.fseTable') << this.#available;
      this.#available += 8;
    }
    const result = this.#value & ((1 << count) - 1);
    this.#value >>>= count;
    this.#available -= count;
    return result;
  }
}

function malformed(reason: string): Error {
  return malformedError({ field: 'zstd.fseTable', offset: 0, reason });
}
