import { decodeText } from './decode-text.ts';
import { TEXT_MAXIMUM_BYTES } from './limits.ts';
import { malformedError } from './malformed-error.ts';

export interface ByteCursorOptions {
  /** Where the first byte lies in the source, for error messages. @defaultValue 0 */
  readonly baseOffset?: number;
}

/** Forward reader of little-endian fields. Every read is bounds-checked; none allocates past the input. */
export class ByteCursor {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #baseOffset: number;
  #offset = 0;

  constructor(bytes: Uint8Array, { baseOffset = 0 }: ByteCursorOptions = {}) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#baseOffset = baseOffset;
  }

  get offset(): number {
    return this.#offset;
  }

  get remainingBytes(): number {
    return this.#bytes.length - this.#offset;
  }

  /** Moves to an offset from the start of the bytes. The end itself is allowed. */
  seek(offset: number, field: string): this {
    const isWithin = Number.isSafeInteger(offset) && offset >= 0 && offset <= this.#bytes.length;
    if (!isWithin)
      throw this.malformed(field, `offset ${offset} is outside ${this.#bytes.length} bytes`);
    this.#offset = offset;
    return this;
  }

  skip(length: number, field: string): this {
    this.#take(length, field);
    return this;
  }

  u8(field: string): number {
    return this.#view.getUint8(this.#take(1, field));
  }

  u16(field: string): number {
    return this.#view.getUint16(this.#take(2, field), true);
  }

  u32(field: string): number {
    return this.#view.getUint32(this.#take(4, field), true);
  }

  /** A 64-bit size or offset. Values above 2^53 - 1 are rejected: no real file has them. */
  u64(field: string): number {
    const at = this.#take(8, field);
    const value = this.#view.getUint32(at + 4, true) * 2 ** 32 + this.#view.getUint32(at, true);
    if (Number.isSafeInteger(value)) return value;
    throw malformedError({
      field,
      offset: this.#baseOffset + at,
      reason: 'the 64-bit value is above 2^53 - 1',
    });
  }

  bytes(length: number, field: string): Uint8Array {
    const at = this.#take(length, field);
    return this.#bytes.subarray(at, at + length);
  }

  /** Text up to a NUL, which is taken too. Text without one in the next 4096 bytes is malformed. */
  text(field: string): string {
    const rest = this.#bytes.subarray(this.#offset, this.#offset + TEXT_MAXIMUM_BYTES + 1);
    const length = rest.indexOf(0);
    if (length === -1) throw this.malformed(field, 'the text has no end');
    this.#offset += length + 1;
    return decodeText(rest.subarray(0, length));
  }

  /** Text up to a NUL, the maximum or the end, whichever comes first. The cursor does not move. */
  peekText(maximumBytes: number): string {
    const rest = this.#bytes.subarray(this.#offset, this.#offset + maximumBytes);
    const length = rest.indexOf(0);
    return decodeText(length === -1 ? rest : rest.subarray(0, length));
  }

  /** The error for a value that makes no sense, placed where the cursor stands. */
  malformed(field: string, reason: string): Error {
    return malformedError({ field, offset: this.#baseOffset + this.#offset, reason });
  }

  #take(length: number, field: string): number {
    const at = this.#offset;
    if (!(length >= 0 && length <= this.#bytes.length - at)) {
      throw this.malformed(field, `needs ${length} bytes, ${this.#bytes.length - at} left`);
    }
    this.#offset = at + length;
    return at;
  }
}
