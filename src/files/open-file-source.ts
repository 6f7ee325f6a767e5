import { open, stat, type FileHandle } from 'node:fs/promises';
import type { ByteSource } from '../bytes/byte-source.ts';
import { checkRange } from '../bytes/check-range.ts';
import { LlcudaError } from '../errors/llcuda-error.ts';
import { asReadError } from './as-read-error.ts';

export interface FileSource extends ByteSource, AsyncDisposable {
  /** Throws `SOURCE_CHANGED` when the file was written to since it was opened. */
  checkUnchanged(): Promise<void>;
}

/**
 * A source over a file, by positional reads of exactly what is asked for: wrap it in `createCachedSource` for many
 * small reads. Throws `SOURCE_UNREADABLE` here, and `SOURCE_CHANGED` from reads when the file shrank meanwhile.
 */
export async function openFileSource(path: string): Promise<FileSource> {
  let handle: FileHandle | undefined;
  try {
    // A pipe would wait for its writer.
    if (!(await stat(path)).isFile()) throw unreadable(path, 'it is not a regular file');
    handle = await open(path, 'r');
    return await createSource(handle, path);
  } catch (error) {
    await handle?.close();
    throw asReadError(error, path);
  }
}

async function createSource(handle: FileHandle, path: string): Promise<FileSource> {
  const first = await handle.stat({ bigint: true });
  const sizeBytes = Number(first.size);
  let isOpen = true;
  return {
    sizeBytes,
    async read(offset, length, { signal } = {}) {
      signal?.throwIfAborted();
      checkRange({ offset, length }, sizeBytes);
      const bytes = new Uint8Array(length);
      for (let done = 0; done < length;) {
        const { bytesRead } = await handle
          .read(bytes, done, length - done, offset + done)
          .catch((error: unknown) => {
            throw asReadError(error, path);
          });
        if (bytesRead === 0) throw changed(path, 'it shrank');
        done += bytesRead;
      }
      return bytes;
    },
    async checkUnchanged() {
      const now = await handle.stat({ bigint: true });
      if (now.size !== first.size || now.mtimeNs !== first.mtimeNs) {
        throw changed(path, 'it was written to');
      }
    },
    async [Symbol.asyncDispose]() {
      if (isOpen) await handle.close();
      isOpen = false;
    },
  };
}

function unreadable(path: string, reason: string): LlcudaError {
  return new LlcudaError('SOURCE_UNREADABLE', `Cannot read ${path}: ${reason}`, {
    detail: { source: path, reason },
    hint: 'Name a file, a folder, an archive, a URL or npm:NAME@VERSION.',
  });
}

function changed(path: string, reason: string): LlcudaError {
  return new LlcudaError('SOURCE_CHANGED', `${path} changed while it was read: ${reason}`, {
    detail: { source: path, reason },
    hint: 'Try again once nothing writes to it any more.',
  });
}
