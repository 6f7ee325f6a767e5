import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';

/** The hash of a file, read as a stream: hex for SHA-256, and as npm writes it (`sha512-BASE64`) for SHA-512. */
export async function hashFile(
  path: string,
  algorithm: 'sha256' | 'sha512',
  options: { readonly signal?: AbortSignal | undefined } = {},
): Promise<string> {
  const hash = createHash(algorithm);
  const { signal } = options;
  await pipeline(createReadStream(path), hash, signal === undefined ? {} : { signal });
  return algorithm === 'sha256' ? hash.digest('hex') : `sha512-${hash.digest('base64')}`;
}
