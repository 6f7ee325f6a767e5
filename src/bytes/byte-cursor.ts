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

  /** Text up to a NUL, which is taken too. Text without one, or longer than 64 KiB, is malformed. */
  text(field: string): string {
    const end = this.#bytes.indexOf(0, this.#offset);
    if (end === -1) throw this.malformed(field, 'the text has no end');
    const length = end - this.#offset;
    if (length > TEXT_MAXIMUM_BYTES) throw this.malformed(field, `${length} bytes of text`);
    const text = decodeText(this.bytes(length, field));
    this.#take(1, field);
    return text;
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
