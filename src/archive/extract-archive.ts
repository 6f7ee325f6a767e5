import { FORMAT_HEAD_BYTES } from '../binary/limits.ts';
import { unsupportedError } from '../bytes/unsupported-error.ts';
import { openFileSource } from '../files/open-file-source.ts';
import { detectArchive } from './detect-archive.ts';
import { EntryWriter } from './entry-writer.ts';
import { unpackTar } from './unpack-tar.ts';

export interface ExtractOptions {
  readonly signal?: AbortSignal | undefined;
}

export interface ExtractedArchive {
  readonly fileCount: number;
  /** Of all files together. */
  readonly sizeBytes: number;
}

/**
 * Unpacks a zip, tar, tar.gz or tar.zst into an empty folder that nobody else writes to. Files, folders and links that stay
 * inside are written, and nothing else: one entry that is not allowed ends it, and the folder is then to be thrown away.
 * Modes become 0755 or 0644; owners and times are not taken over.
 *
 * Throws `ARCHIVE_UNSAFE`, `BINARY_MALFORMED`, `BINARY_UNSUPPORTED`, `BINARY_TOO_LARGE`, `SOURCE_UNREADABLE`,
 * `SOURCE_CHANGED`, `DISK_FULL`, `STORE_NOT_WRITABLE`.
 */
export async function extractArchive(
  archivePath: string,
  directory: string,
  options: ExtractOptions = {},
): Promise<ExtractedArchive> {
  options.signal?.throwIfAborted();
  await using source = await openFileSource(archivePath);
  const head = await source.read(0, Math.min(FORMAT_HEAD_BYTES, source.sizeBytes), options);
  const format = detectArchive(head);
  const writer = new EntryWriter(directory);
  if (format === undefined) throw unsupportedError('unknown', 'neither a tar nor a zip archive');
  if (format === 'zip') {
    const { unpackZip } = await import('./unpack-zip.ts');
    await unpackZip(source, writer, options);
  } else await unpackTar(source, writer, { ...options, format });
  await writer.finish();
  await source.checkUnchanged();
  return { fileCount: writer.fileCount, sizeBytes: writer.totalBytes };
}
