import { Readable } from 'node:stream';
import { RandomAccessReader } from 'yauzl';
import type { ByteSource, ReadOptions } from '../bytes/byte-source.ts';
import { createSubSource } from '../bytes/create-sub-source.ts';
import { readChunks } from './decompress.ts';

/** Lets yauzl read a source. Loaded lazily, as it brings yauzl with it. */
export class ByteSourceReader extends RandomAccessReader {
  readonly #source: ByteSource;
  readonly #options: ReadOptions;

  constructor(source: ByteSource, options: ReadOptions) {
    super();
    this.#source = source;
    this.#options = options;
  }

  override _readStreamForRange(start: number, end: number): Readable {
    const range = createSubSource(this.#source, start, end - start);
    return Readable.from(readChunks(range, this.#options), { objectMode: false });
  }
}
