import { LlcudaError } from '../errors/llcuda-error.ts';

/**
 * Streams one member out of a zip archive (a Python wheel is one), decompressed. Throws
 * `DOWNLOAD_MISMATCH` when the archive cannot be read or lacks the member.
 */
export async function* readZipMember(
  archivePath: string,
  member: string,
): AsyncGenerator<Uint8Array, void, void> {
  const { openPromise } = await import('yauzl');
  // yauzl checks the sizes of the directory against what it inflates, and refuses names that leave.
  const archive = await openPromise(archivePath, {
    autoClose: false,
    validateEntrySizes: true,
  }).catch((error: unknown) => {
    throw unreadable(archivePath, error);
  });
  try {
    for await (const entry of archive.eachEntry()) {
      if (entry.fileName !== member) continue;
      for await (const chunk of await archive.openReadStreamPromise(entry)) yield chunk;
      return;
    }
    throw new Error(`it holds no ${member}`);
  } catch (error) {
    throw unreadable(archivePath, error);
  } finally {
    archive.close();
  }
}

function unreadable(archivePath: string, cause: unknown): LlcudaError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new LlcudaError('DOWNLOAD_MISMATCH', `Cannot read ${archivePath}: ${reason}`, {
    detail: { url: archivePath },
    cause,
  });
}
