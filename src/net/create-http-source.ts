import type { ByteSource, ReadOptions } from '../bytes/byte-source.ts';
import { checkRange } from '../bytes/check-range.ts';
import { RangeCache } from './range-cache.ts';
import { RemoteFile, type RemoteFileOptions } from './remote-file.ts';

/** The first request: enough to tell the format, and to read all of a small file. Bytes. */
const HEAD_BYTES = 16 * 1024;
/**
 * Smallest range that is asked for. Bytes. The 1001 image headers of libggml-cuda.so (159 MB) lie far apart: ranges of
 * 512 bytes cost 0.8 MB for it in some 1000 requests; 2 KiB cost 2.2 MB, and 16 KiB 14 MB, still in 869 requests.
 */
const BLOCK_BYTES = 512;
/** Reads that follow each other are widened up to this. Bytes. */
const READ_AHEAD_BYTES = 64 * 1024;
/** What is kept of a file. Bytes. */
const KEPT_MAXIMUM_BYTES = 8 << 20;

export interface HttpSourceOptions extends RemoteFileOptions, ReadOptions {}

/**
 * A source over an https URL (http on this machine) by range requests. Reads may run at the same time. Throws what
 * `RemoteFile` throws.
 */
export async function createHttpSource(
  url: string,
  options: HttpSourceOptions,
): Promise<ByteSource> {
  const file = new RemoteFile(url, options);
  const head = await file.read({ offset: 0, length: HEAD_BYTES, signal: options.signal });
  const { sizeBytes } = file;
  const cache = new RangeCache({
    sizeBytes,
    blockBytes: BLOCK_BYTES,
    maximumBytes: KEPT_MAXIMUM_BYTES,
    readAheadBytes: READ_AHEAD_BYTES,
    fetch: async (offset, length, { signal }) => file.read({ offset, length, signal }),
  });
  await cache.keepHead(head);
  return {
    sizeBytes,
    async read(offset, length, readOptions = {}) {
      readOptions.signal?.throwIfAborted();
      checkRange({ offset, length }, sizeBytes);
      return cache.read(offset, length, readOptions);
    },
  };
}
