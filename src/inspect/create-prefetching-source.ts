import type { ByteSource } from '../bytes/byte-source.ts';
import { ENTRY_FIXED_BYTES, parseEntryHeader } from '../fatbin/parse-entry-header.ts';
import { FATBIN_HEADER_BYTES, parseFatbinHeader } from '../fatbin/read-fatbin.ts';
import { PREFETCHED_HEADERS_MAXIMUM, PREFETCH_REQUESTS_MAXIMUM } from './limits.ts';

/** What a reader looks at of an entry: its header and the first bytes of its payload. Bytes. */
const ENTRY_READ_BYTES = 128 + 4;
/** Larger reads are searches and payloads, not headers. Bytes. */
const SEARCHED_MAXIMUM_BYTES = 64 * 1024;
/** FATBIN_MAGIC, as it lies in a file. */
const MAGIC = Buffer.from([0x50, 0xed, 0x55, 0xba]);

export interface PrefetchingSource extends ByteSource, Disposable {}

/**
 * Wraps a source that keeps what it has read, and answers slowly. A reader of fatbins follows headers one after the
 * other, each a request: 1001 of them for one library. When one of its reads shows a fatbin, this follows the
 * fatbins behind it and the images of each at the same time, so that the reader finds them read. What goes wrong here
 * goes wrong for the reader, too: it is left to that.
 */
export function createPrefetchingSource(source: ByteSource): PrefetchingSource {
  const stop = new AbortController();
  const prefetcher = new Prefetcher(source, stop.signal);
  return {
    sizeBytes: source.sizeBytes,
    async read(offset, length, options) {
      const bytes = await source.read(offset, length, options);
      if (length > SEARCHED_MAXIMUM_BYTES) return bytes;
      const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      for (let at = view.indexOf(MAGIC); at !== -1; at = view.indexOf(MAGIC, at + 1)) {
        prefetcher.start(offset + at);
      }
      return bytes;
    },
    [Symbol.dispose]() {
      stop.abort();
    },
  };
}

class Prefetcher {
  readonly #source: ByteSource;
  readonly #signal: AbortSignal;
  readonly #started = new Set<number>();
  readonly #waiting: (() => void)[] = [];
  #readCount = 0;
  #activeCount = 0;

  constructor(source: ByteSource, signal: AbortSignal) {
    this.#source = source;
    this.#signal = signal;
  }

  /** Returns at once. */
  start(offset: number): void {
    if (!this.#started.has(offset)) this.#followFatbins(offset).catch(() => undefined);
  }

  async #followFatbins(first: number): Promise<void> {
    for (let at = first; !this.#started.has(at);) {
      this.#started.add(at);
      const head = await this.#read(at, FATBIN_HEADER_BYTES);
      const { headerBytes, entriesBytes } = parseFatbinHeader(head, at);
      const start = at + headerBytes;
      this.#followImages(start, start + entriesBytes).catch(() => undefined);
      at += Math.ceil((headerBytes + entriesBytes) / 8) * 8;
    }
  }

  async #followImages(start: number, end: number): Promise<void> {
    for (let at = start; at < end;) {
      const bytes = await this.#read(at, ENTRY_READ_BYTES);
      const { headerBytes, paddedBytes } = parseEntryHeader(
        bytes.subarray(0, ENTRY_FIXED_BYTES),
        at,
      );
      at += headerBytes + paddedBytes;
    }
  }

  async #read(offset: number, wanted: number): Promise<Uint8Array> {
    this.#readCount += 1;
    if (this.#readCount > PREFETCHED_HEADERS_MAXIMUM) throw new Error('enough was fetched ahead');
    if (this.#activeCount >= PREFETCH_REQUESTS_MAXIMUM) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
    this.#activeCount += 1;
    try {
      const length = Math.min(wanted, Math.max(0, this.#source.sizeBytes - offset));
      return await this.#source.read(offset, length, { signal: this.#signal });
    } finally {
      this.#activeCount -= 1;
      this.#waiting.shift()?.();
    }
  }
}
