import type { ByteCursor } from '../byte-cursor.ts';
import { ZSTD_BLOCK_MAXIMUM_BYTES } from '../limits.ts';
import { BackwardBits } from './backward-bits.ts';
import {
  buildFseTable,
  createRleTable,
  readFseTable,
  type FseLimits,
  type FseTable,
} from './fse-table.ts';
import type { ZstdOutput } from './zstd-output.ts';

/** The tables that the next block may use again. */
export interface SequenceTables {
  readonly literalLengths: FseTable;
  readonly offsets: FseTable;
  readonly matchLengths: FseTable;
}

/** What a block leaves for the next one of its frame. */
export interface SequenceState {
  tables: SequenceTables | undefined;
  /** The three offsets used last, the latest first. */
  readonly recentOffsets: [number, number, number];
}

/**
 * Reads the sequences section, which fills the rest of the block, and writes what it and the literals say.
 * RFC 8878, 3.1.1.3.2.
 */
export function readSequences(
  cursor: ByteCursor,
  literals: Uint8Array,
  context: { readonly state: SequenceState; readonly output: ZstdOutput },
): void {
  const { state, output } = context;
  const count = readSequenceCount(cursor);
  if (count === 0) {
    if (cursor.remainingBytes > 0) throw cursor.malformed('zstd.sequences', 'bytes follow none');
    output.append(literals);
    return;
  }
  const tables = readTables(cursor, state.tables);
  state.tables = tables;
  const reader = new SequenceReader(
    tables,
    new BackwardBits(cursor.bytes(cursor.remainingBytes, 'zstd.sequences')),
  );
  const limit = output.length + ZSTD_BLOCK_MAXIMUM_BYTES;
  let used = 0;
  for (let index = 0; index < count; index += 1) {
    const { literalLength, matchLength, offsetValue } = reader.next(index === count - 1);
    const isTooLong =
      literalLength > literals.length - used || output.length + literalLength + matchLength > limit;
    if (isTooLong) throw cursor.malformed('zstd.sequences', 'longer than its literals or a block');
    output.append(literals, used, used + literalLength);
    used += literalLength;
    const distance = resolveOffset(state.recentOffsets, offsetValue, literalLength === 0);
    output.copyBack(distance, matchLength);
  }
  if (!reader.isAtEnd) throw cursor.malformed('zstd.sequences', 'bits are left over');
  if (output.length + literals.length - used > limit) {
    throw cursor.malformed('zstd.sequences', 'longer than a block');
  }
  output.append(literals, used);
}

function readSequenceCount(cursor: ByteCursor): number {
  const first = cursor.u8('zstd.sequences');
  if (first < 128) return first;
  if (first < 255) return ((first - 128) << 8) + cursor.u8('zstd.sequences');
  return cursor.u16('zstd.sequences') + 0x7f00;
}

interface Alphabet extends FseLimits {
  readonly predefined: FseTable;
}

/** RFC 8878, 3.1.1.3.2.2: the default distributions. */
const literalLengthAlphabet: Alphabet = {
  maximumLog: 9,
  maximumSymbol: 35,
  predefined: buildFseTable(
    [
      4, 3, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2, 2, 3, 2, 1, 1, 1, 1,
      1, -1, -1, -1, -1,
    ],
    6,
  ),
};
const offsetAlphabet: Alphabet = {
  maximumLog: 8,
  maximumSymbol: 31,
  predefined: buildFseTable(
    [1, 1, 1, 1, 1, 1, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, -1, -1, -1, -1, -1],
    5,
  ),
};
const matchLengthAlphabet: Alphabet = {
  maximumLog: 9,
  maximumSymbol: 52,
  predefined: buildFseTable(
    [
      1, 4, 3, 2, 2, 2, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
      1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, -1, -1, -1, -1, -1, -1, -1,
    ],
    6,
  ),
};

function readTables(cursor: ByteCursor, previous: SequenceTables | undefined): SequenceTables {
  const modes = cursor.u8('zstd.sequences');
  if ((modes & 3) !== 0) throw cursor.malformed('zstd.sequences', 'reserved bits are set');
  // Object fields are evaluated in this order, which is that of the tables.
  return {
    literalLengths: readTable(cursor, literalLengthAlphabet, {
      mode: modes >> 6,
      previous: previous?.literalLengths,
    }),
    offsets: readTable(cursor, offsetAlphabet, {
      mode: (modes >> 4) & 3,
      previous: previous?.offsets,
    }),
    matchLengths: readTable(cursor, matchLengthAlphabet, {
      mode: (modes >> 2) & 3,
      previous: previous?.matchLengths,
    }),
  };
}

function readTable(
  cursor: ByteCursor,
  alphabet: Alphabet,
  { mode, previous }: { readonly mode: number; readonly previous: FseTable | undefined },
): FseTable {
  if (mode === 0) return alphabet.predefined;
  if (mode === 2) return readFseTable(cursor, alphabet);
  if (mode === 1) {
    const symbol = cursor.u8('zstd.sequences');
    if (symbol <= alphabet.maximumSymbol) return createRleTable(symbol);
    throw cursor.malformed('zstd.sequences', `symbol ${symbol}`);
  }
  if (previous !== undefined) return previous;
  throw cursor.malformed('zstd.sequences', 'no earlier table to repeat');
}

/** Extra bits of each literal length code; a code starts where the one before it ends. RFC 8878, 3.1.1.3.2.1.1. */
const LITERAL_EXTRA_BITS: readonly number[] = Array.from({ length: 16 }, () => 0).concat([
  1, 1, 1, 1, 2, 2, 3, 3, 4, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16,
]);
const MATCH_EXTRA_BITS: readonly number[] = Array.from({ length: 32 }, () => 0).concat([
  1, 1, 1, 1, 2, 2, 3, 3, 4, 4, 5, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16,
]);
const LITERAL_BASES: readonly number[] = addUp(LITERAL_EXTRA_BITS, 0);
const MATCH_BASES: readonly number[] = addUp(MATCH_EXTRA_BITS, 3);

function addUp(extraBits: readonly number[], start: number): number[] {
  let base = start;
  return extraBits.map((bits) => {
    const own = base;
    base += 2 ** bits;
    return own;
  });
}

interface Sequence {
  readonly literalLength: number;
  readonly matchLength: number;
  readonly offsetValue: number;
}

/** Three entropy states over one bit stream. */
class SequenceReader {
  readonly #tables: SequenceTables;
  readonly #bits: BackwardBits;
  #literalState: number;
  #offsetState: number;
  #matchState: number;

  constructor(tables: SequenceTables, bits: BackwardBits) {
    this.#tables = tables;
    this.#bits = bits;
    this.#literalState = bits.read(tables.literalLengths.accuracyLog);
    this.#offsetState = bits.read(tables.offsets.accuracyLog);
    this.#matchState = bits.read(tables.matchLengths.accuracyLog);
  }

  get isAtEnd(): boolean {
    return this.#bits.remaining === 0;
  }

  next(isLast: boolean): Sequence {
    const { literalLengths, offsets, matchLengths } = this.#tables;
    const bits = this.#bits;
    const offsetCode = offsets.symbols[this.#offsetState] ?? 0;
    const matchCode = matchLengths.symbols[this.#matchState] ?? 0;
    const literalCode = literalLengths.symbols[this.#literalState] ?? 0;
    const offsetValue = 2 ** offsetCode + bits.read(offsetCode);
    const matchLength = (MATCH_BASES[matchCode] ?? 0) + bits.read(MATCH_EXTRA_BITS[matchCode] ?? 0);
    const literalLength =
      (LITERAL_BASES[literalCode] ?? 0) + bits.read(LITERAL_EXTRA_BITS[literalCode] ?? 0);
    if (!isLast) {
      this.#literalState = this.#advance(literalLengths, this.#literalState);
      this.#matchState = this.#advance(matchLengths, this.#matchState);
      this.#offsetState = this.#advance(offsets, this.#offsetState);
    }
    return { literalLength, matchLength, offsetValue };
  }

  #advance(table: FseTable, state: number): number {
    return (table.baselines[state] ?? 0) + this.#bits.read(table.bits[state] ?? 0);
  }
}

/** Values 1 to 3 stand for recent offsets, shifted by one when there are no literals. RFC 8878, 3.1.1.5. */
function resolveOffset(
  recent: [number, number, number],
  value: number,
  hasNoLiterals: boolean,
): number {
  const index = value > 3 ? 3 : value - 1 + (hasNoLiterals ? 1 : 0);
  if (index === 0) return recent[0];
  const [first, second, third] = recent;
  const repeated = index === 1 ? second : index === 2 ? third : first - 1;
  const distance = value > 3 ? value - 3 : repeated;
  recent[2] = index === 1 ? third : second;
  recent[1] = first;
  recent[0] = distance;
  return distance;
}
