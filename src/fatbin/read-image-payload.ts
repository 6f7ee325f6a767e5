import type { ByteSource, ReadOptions } from '../bytes/byte-source.ts';
import { checkLimit } from '../bytes/check-limit.ts';
import { checkRange } from '../bytes/check-range.ts';
import { decodeLz4Block } from '../bytes/decode-lz4-block.ts';
import { decodeLz4Frame } from '../bytes/decode-lz4-frame.ts';
import { decodeZstd } from '../bytes/decode-zstd.ts';
import { malformedError } from '../bytes/malformed-error.ts';
import { unsupportedError } from '../bytes/unsupported-error.ts';
import type { FatbinImage } from './fatbin-image.ts';

export interface PayloadOptions extends ReadOptions {
  /** Most that the payload may take, stored and decoded. Above it: `BINARY_TOO_LARGE`. */
  readonly maximumBytes: number;
}

/** Set on LTO-IR: the payload is enciphered over its compression, with a key that only NVIDIA's tools have. */
const FLAG_OBFUSCATED = 0x10000;

/** Reads the code of an image and decodes it: a cubin or PTX text. LTO-IR is `BINARY_UNSUPPORTED`. */
export async function readImagePayload(
  source: ByteSource,
  image: FatbinImage,
  options: PayloadOptions,
): Promise<Uint8Array> {
  const { payloadOffset: offset, payloadBytes: length, decompressedBytes } = image;
  const { maximumBytes } = options;
  if ((image.flags & FLAG_OBFUSCATED) !== 0) throw unsupportedError('LTO-IR', 'it is obfuscated');
  checkRange({ offset, length }, source.sizeBytes, 'fatbin.payload');
  checkLimit('fatbin.payload', length, maximumBytes);
  checkLimit('fatbin.payload', decompressedBytes ?? 0, maximumBytes);
  const stored = await source.read(offset, length, options);
  // The header's size bounds the work too: what decodes to more is forged.
  const decoded = decode(stored, image, Math.min(maximumBytes, decompressedBytes ?? maximumBytes));
  if (decompressedBytes === undefined || decoded.length === decompressedBytes) {
    return takeSlice(decoded, image);
  }
  const reason = `${decoded.length} bytes were decoded, ${decompressedBytes} were announced`;
  throw malformedError({ field: 'fatbin.payload', offset, reason });
}

/** A slice was checked against the size that was announced, which is the size that came out. */
function takeSlice(decoded: Uint8Array, { slice }: FatbinImage): Uint8Array {
  if (slice === undefined) return decoded;
  return decoded.slice(slice.offset, slice.offset + slice.sizeBytes);
}

function decode(stored: Uint8Array, image: FatbinImage, maximumBytes: number): Uint8Array {
  switch (image.compression) {
    case 'none':
      return stored;
    case 'lz4':
      return decodeLz4Block(stored, maximumBytes);
    case 'lz4-frame':
      return decodeLz4Frame(stored, maximumBytes);
    case 'zstd':
      return decodeZstd(stored, maximumBytes);
    case 'unknown':
      throw unsupportedError('fatbin', `compression by flags 0x${image.flags.toString(16)}`);
    default:
      return image.compression satisfies never;
  }
}
