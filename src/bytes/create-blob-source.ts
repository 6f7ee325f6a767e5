import type { ByteSource } from './byte-source.ts';
import { checkRange } from './check-range.ts';
import { malformedError } from './malformed-error.ts';

/** A source over a `Blob`: a `File` of a browser, or `fs.openAsBlob`. Nothing is read ahead. */
export function createBlobSource(blob: Blob): ByteSource {
  return {
    sizeBytes: blob.size,
    async read(offset, length, { signal } = {}) {
      signal?.throwIfAborted();
      checkRange({ offset, length }, blob.size);
      const bytes = new Uint8Array(await blob.slice(offset, offset + length).arrayBuffer());
      if (bytes.length === length) return bytes;
      throw malformedError({ field: 'source', offset, reason: 'it shrank while it was read' });
    },
  };
}
