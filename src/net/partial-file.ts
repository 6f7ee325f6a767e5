import { createHash, type Hash } from 'node:crypto';
import { open, rename, rm, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { LlcudaError } from '../errors/llcuda-error.ts';
import { asFileError } from '../files/as-file-error.ts';
import { checkFreeSpace } from '../files/check-free-space.ts';
import { ensureDirectory } from '../files/ensure-directory.ts';

const READ_BYTES = 1 << 20;

export interface PartialFileOptions {
  /** Whether bytes of an earlier run may be kept: only when a hash will judge them. */
  readonly isReusable: boolean;
  /** A longer partial file is worthless and is started anew. */
  readonly maximumBytes?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface ExpectedFile {
  /** Where the bytes came from, fit for messages. */
  readonly origin: string;
  readonly expectedBytes?: number | undefined;
  readonly expectedSha256?: string | undefined;
}

/** `destination.partial`, hashed as it grows, renamed to `destination` once it is proven. */
export class PartialFile implements AsyncDisposable {
  readonly #destination: string;
  readonly #file: FileHandle;
  #hash: Hash = createHash('sha256');
  #sizeBytes = 0;

  private constructor(destination: string, file: FileHandle) {
    this.#destination = destination;
    this.#file = file;
  }

  static async open(destination: string, options: PartialFileOptions): Promise<PartialFile> {
    await ensureDirectory(dirname(destination));
    const path = `${destination}.partial`;
    const file = await openOrCreate(path).catch((error: unknown) => {
      throw asFileError(error, path);
    });
    const partial = new PartialFile(destination, file);
    try {
      await partial.#adopt(options);
    } catch (error) {
      await file.close();
      throw error;
    }
    return partial;
  }

  get sizeBytes(): number {
    return this.#sizeBytes;
  }

  /** Throws `DISK_FULL` when the rest of a file of this size does not fit. */
  async checkRoomFor(totalBytes: number | undefined): Promise<void> {
    if (totalBytes === undefined) return;
    await checkFreeSpace(dirname(this.#destination), totalBytes - this.#sizeBytes);
  }

  async append(chunk: Uint8Array): Promise<void> {
    try {
      // A write may be short, as on a disk that fills up.
      for (let done = 0; done < chunk.length;) {
        const position = this.#sizeBytes + done;
        done += (await this.#file.write(chunk, done, chunk.length - done, position)).bytesWritten;
      }
    } catch (error) {
      // A part of the chunk may have been written: cut it off, so that size and hash stay true.
      await this.#file.truncate(this.#sizeBytes).catch(() => undefined);
      throw asFileError(error, this.#destination);
    }
    this.#hash.update(chunk);
    this.#sizeBytes += chunk.length;
  }

  async clear(): Promise<void> {
    await this.#file.truncate(0).catch((error: unknown) => {
      throw asFileError(error, this.#destination);
    });
    this.#hash = createHash('sha256');
    this.#sizeBytes = 0;
  }

  /** Gives the file its name, or throws `DOWNLOAD_MISMATCH` and throws the bytes away. */
  async finish(
    expected: ExpectedFile,
    signal?: AbortSignal,
  ): Promise<{ sizeBytes: number; sha256: string }> {
    const sha256 = this.#hash.copy().digest('hex');
    const isRight =
      (expected.expectedBytes ?? this.#sizeBytes) === this.#sizeBytes &&
      (expected.expectedSha256 ?? sha256) === sha256;
    if (!isRight) throw await this.#reject(expected, sha256);
    try {
      await this.#file.sync();
      signal?.throwIfAborted();
      await rename(`${this.#destination}.partial`, this.#destination);
    } catch (error) {
      throw asFileError(error, this.#destination);
    }
    return { sizeBytes: this.#sizeBytes, sha256 };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#file.close();
    if (this.#sizeBytes === 0) await rm(`${this.#destination}.partial`, { force: true });
  }

  async #adopt(options: PartialFileOptions): Promise<void> {
    const { size } = await this.#file.stat();
    if (!options.isReusable || size > (options.maximumBytes ?? Infinity)) return this.clear();
    const buffer = new Uint8Array(READ_BYTES);
    while (this.#sizeBytes < size) {
      options.signal?.throwIfAborted();
      const { bytesRead } = await this.#file.read(buffer, 0, READ_BYTES, this.#sizeBytes);
      if (bytesRead === 0) break;
      this.#hash.update(buffer.subarray(0, bytesRead));
      this.#sizeBytes += bytesRead;
    }
  }

  async #reject(expected: ExpectedFile, actualSha256: string): Promise<LlcudaError> {
    const actualBytes = this.#sizeBytes;
    await this.clear();
    return new LlcudaError(
      'DOWNLOAD_MISMATCH',
      `${expected.origin} is not the file that was pinned`,
      {
        detail: {
          url: expected.origin,
          actualBytes,
          actualSha256,
          ...(expected.expectedBytes !== undefined && { expectedBytes: expected.expectedBytes }),
          ...(expected.expectedSha256 !== undefined && { expectedSha256: expected.expectedSha256 }),
        },
        hint: 'The source was changed, or a proxy rewrites it. Nothing of it was kept.',
      },
    );
  }
}

/** Not in append mode: Windows cannot truncate a file that is open for appending. */
async function openOrCreate(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'r+');
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
    return open(path, 'wx+', 0o644);
  }
}
