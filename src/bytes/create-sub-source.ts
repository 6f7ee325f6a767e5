import type { ByteSource } from './byte-source.ts';
import { checkRange } from './check-range.ts';

/** A window of another source, such as one member of an archive. Throws when it is not within it. */
export function createSubSource(source: ByteSource, offset: number, sizeBytes: number): ByteSource {
  checkRange({ offset, length: sizeBytes }, source.sizeBytes);
  return {
    sizeBytes,
    async read(at, length, options) {
      checkRange({ offset: at, length }, sizeBytes);
      return source.read(offset + at, length, options);
    },
  };
}
