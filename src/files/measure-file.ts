import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { asReadError } from './as-read-error.ts';

const CHUNK_BYTES = 1 << 20;

/** The size of a file, and its SHA-256 in lower-case hex. Throws `SOURCE_UNREADABLE`. */
export async function measureFile(
  path: string,
  options: { readonly signal?: AbortSignal | undefined } = {},
): Promise<{ readonly sizeBytes: number; readonly sha256: string }> {
  const hash = createHash('sha256');
  const buffer = new Uint8Array(CHUNK_BYTES);
  let sizeBytes = 0;
  try {
    await using file = await open(path, 'r');
    for (;;) {
      options.signal?.throwIfAborted();
      const { bytesRead } = await file.read(buffer, 0, CHUNK_BYTES, sizeBytes);
      if (bytesRead === 0) break;
      hash.update(buffer.subarray(0, bytesRead));
      sizeBytes += bytesRead;
    }
  } catch (error) {
    throw asReadError(error, path);
  }
  return { sizeBytes, sha256: hash.digest('hex') };
}
