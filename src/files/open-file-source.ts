import { readSync } from 'node:fs';
import { open, stat, type FileHandle } from 'node:fs/promises';
import type { ByteSource } from '../bytes/byte-source.ts';
import { checkRange } from '../bytes/check-range.ts';
import { LlcudaError } from '../errors/llcuda-error.ts';
import { asReadError } from './as-read-error.ts';

/** Reads up to this size are done at once: they take a disk less time than a thread takes to be asked. Bytes. */
const SYNCHRONOUS_MAXIMUM_BYTES = 16 * 1024;

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
      const bytes = allocate(length);
      for (let done = 0; done < length;) {
        const position = offset + done;
        const bytesRead = await readInto(handle, bytes.subarray(done), position).catch(
          (error: unknown) => {
            throw asReadError(error, path);
          },
        );
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

/** Small ones come from Node's pool: thousands of buffers of their own keep the garbage collector busy. */
function allocate(length: number): Uint8Array {
  const { buffer, byteOffset } = Buffer.allocUnsafe(length);
  return new Uint8Array(buffer, byteOffset, length);
}

/** The thousand headers of a library take 5 ms at once and 40 to 300 ms through the thread pool. */
async function readInto(handle: FileHandle, bytes: Uint8Array, position: number): Promise<number> {
  if (bytes.length <= SYNCHRONOUS_MAXIMUM_BYTES) {
    return readSync(handle.fd, bytes, 0, bytes.length, position);
  }
  return (await handle.read(bytes, 0, bytes.length, position)).bytesRead;
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
