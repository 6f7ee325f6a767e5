import { checkLimit } from '../check-limit.ts';
import { ZSTD_FIRST_OUTPUT_BYTES } from '../limits.ts';
import { malformedError } from '../malformed-error.ts';

const SHORT_BYTES = 64;

/** What has been decoded so far. It grows by doubling and never past its maximum. */
export class ZstdOutput {
  readonly #maximumBytes: number;
  #bytes: Uint8Array;
  #length = 0;
  #frameStart = 0;

  constructor(maximumBytes: number) {
    this.#maximumBytes = maximumBytes;
    this.#bytes = new Uint8Array(Math.min(maximumBytes, ZSTD_FIRST_OUTPUT_BYTES));
  }

  get length(): number {
    return this.#length;
  }

  /** Marks where a frame starts: its matches may not point before it. */
  startFrame(): void {
    this.#frameStart = this.#length;
  }

  /** Makes room, or throws `BINARY_TOO_LARGE` when that would pass the maximum. */
  reserve(sizeBytes: number): void {
    const needed = this.#length + sizeBytes;
    checkLimit('zstd.outputBytes', needed, this.#maximumBytes);
    if (needed <= this.#bytes.length) return;
    const grown = new Uint8Array(
      Math.min(this.#maximumBytes, Math.max(needed, this.#bytes.length * 2)),
    );
    grown.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = grown;
  }

  append(bytes: Uint8Array, start: number = 0, end: number = bytes.length): void {
    const length = end - start;
    this.reserve(length);
    const output = this.#bytes;
    const at = this.#length;
    // Most runs are short: a loop beats the call to `set` and the view it needs.
    if (length > SHORT_BYTES) output.set(bytes.subarray(start, end), at);
    else
      for (let index = 0; index < length; index += 1)
        output[at + index] = bytes[start + index] ?? 0;
    this.#length = at + length;
  }

  repeat(byte: number, count: number): void {
    this.reserve(count);
    this.#bytes.fill(byte, this.#length, this.#length + count);
    this.#length += count;
  }

  /** Copies `length` bytes from `distance` back. They may overlap what is written: that is how a run is coded. */
  copyBack(distance: number, length: number): void {
    if (!(distance > 0 && distance <= this.#length - this.#frameStart)) {
      const reason = `a match ${distance} bytes back, behind the start`;
      throw malformedError({ field: 'zstd.sequence', offset: 0, reason });
    }
    this.reserve(length);
    const bytes = this.#bytes;
    const end = this.#length;
    const from = end - distance;
    if (distance >= length && length > SHORT_BYTES) bytes.copyWithin(end, from, from + length);
    else
      for (let index = 0; index < length; index += 1) bytes[end + index] = bytes[from + index] ?? 0;
    this.#length += length;
  }

  finish(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }
}
