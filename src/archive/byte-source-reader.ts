import { Readable } from 'node:stream';
import { callbackify } from 'node:util';
import { RandomAccessReader } from 'yauzl';
import type { ByteSource, ReadOptions } from '../bytes/byte-source.ts';
import { createCachedSource } from '../bytes/create-cached-source.ts';
import { createSubSource } from '../bytes/create-sub-source.ts';
import { readChunks } from './decompress.ts';

/** yauzl reads the directory entry by entry, 46 bytes and a name each. Bytes. */
const DIRECTORY_CACHE = { blockBytes: 16 * 1024, maximumBytes: 1 << 20 };

/** Lets yauzl read a source. Loaded lazily, as it brings yauzl with it. */
export class ByteSourceReader extends RandomAccessReader {
  readonly #source: ByteSource;
  readonly #cached: ByteSource;
  readonly #options: ReadOptions;

  constructor(source: ByteSource, options: ReadOptions) {
    super();
    this.#source = source;
    this.#cached = createCachedSource(source, DIRECTORY_CACHE);
    this.#options = options;
  }

  /** For the bytes of members. */
  override _readStreamForRange(start: number, end: number): Readable {
    const range = createSubSource(this.#source, start, end - start);
    return Readable.from(readChunks(range, this.#options), { objectMode: false });
  }

  /** For everything else. */
  override read(
    buffer: Buffer,
    offset: number,
    length: number,
    position: number,
    callback: (error: Error | null) => void,
  ): void {
    callbackify(async () => {
      buffer.set(await this.#cached.read(position, length, this.#options), offset);
    })(callback);
  }
}
