import { detectFormat } from '../binary/detect-format.ts';
import { decodeText } from '../bytes/decode-text.ts';
import type { Compression } from './decompress.ts';

export type ArchiveFormat = 'zip' | 'tar' | Compression;

/** Tells an archive by its first bytes: 512 are needed. `undefined`: it is none of those that are opened. */
export function detectArchive(head: Uint8Array): ArchiveFormat | undefined {
  const format = detectFormat(head);
  if (format === 'zip' || format === 'gzip' || format === 'zstd') return format;
  // "magic" of the POSIX and of the GNU header.
  return decodeText(head.subarray(257, 262)) === 'ustar' ? 'tar' : undefined;
}
