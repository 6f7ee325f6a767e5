import type { ByteSource } from './byte-source.ts';
import { checkRange } from './check-range.ts';

/** A source over bytes in memory. Reads are views, not copies. */
export function createBufferSource(bytes: Uint8Array): ByteSource {
  return {
    sizeBytes: bytes.length,
    async read(offset, length, { signal } = {}) {
      signal?.throwIfAborted();
      checkRange({ offset, length }, bytes.length);
      return bytes.subarray(offset, offset + length);
    },
  };
}
