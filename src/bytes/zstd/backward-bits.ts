import { malformedError } from '../malformed-error.ts';

/**
 * Reads the bit streams of zstd, which are written forward and read from their last bit back.
 * The last byte's highest set bit marks the end. RFC 8878, 4.1 and 4.2.2.
 */
export class BackwardBits {
  readonly #bytes: Uint8Array;
  #remaining: number;

  constructor(bytes: Uint8Array) {
    const last = bytes.at(-1) ?? 0;
    if (last === 0) throw malformed('a bit stream without its end mark');
    this.#bytes = bytes;
    this.#remaining = bytes.length * 8 - 1 - Math.clz32(last << 24);
  }

  get remaining(): number {
    return this.#remaining;
  }

  /** Takes up to 31 bits. Throws `BINARY_MALFORMED` when fewer are left. */
  read(count: number): number {
    const position = this.#remaining - count;
    if (position < 0) throw malformed('a bit stream is too short');
    this.#remaining = position;
    return this.#bitsAt(position, count);
  }

  skip(count: number): void {
    if (count > this.#remaining) throw malformed('a bit stream is too short');
    this.#remaining -= count;
  }

  /** Looks at the next bits, as if zero bits followed the last one. */
  peek(count: number): number {
    const position = this.#remaining - count;
    if (position >= 0) return this.#bitsAt(position, count);
    return this.#bitsAt(0, this.#remaining) << -position;
  }

  #bitsAt(position: number, count: number): number {
    if (count === 0) return 0;
    const bytes = this.#bytes;
    const at = position >>> 3;
    const shift = position & 7;
    const low =
      ((bytes[at] ?? 0) |
        ((bytes[at + 1] ?? 0) << 8) |
        ((bytes[at + 2] ?? 0) << 16) |
        ((bytes[at + 3] ?? 0) << 24)) >>>
      shift;
    const high = shift === 0 ? 0 : (bytes[at + 4] ?? 0) << (32 - shift);
    return ((low | high) & (0x7fffffff >>> (31 - count))) >>> 0;
  }
}

function malformed(reason: string): Error {
  return malformedError({ field: 'zstd.bits', offset: 0, reason });
}
