import type { ReadOptions } from '../bytes/byte-source.ts';

export interface RangeCacheOptions {
  readonly sizeBytes: number;
  /** Ranges are widened to blocks of this size, aligned to it. */
  readonly blockBytes: number;
  /** Bound of what is kept; the blocks used least recently go first. */
  readonly maximumBytes: number;
  /** Where reads follow each other, ranges double up to this. */
  readonly readAheadBytes: number;
  readonly fetch: (offset: number, length: number, options: ReadOptions) => Promise<Uint8Array>;
}

/**
 * Keeps blocks of something slow to ask. Unlike `createCachedSource` it reads ahead, and reads at the same time that
 * want the same block ask for it once.
 */
export class RangeCache {
  readonly #options: RangeCacheOptions;
  /** A Map keeps the order of insertion, so its first key is the one used least recently. */
  readonly #blocks = new Map<number, Promise<Uint8Array>>();
  #next = -1;
  #aheadCount = 1;

  constructor(options: RangeCacheOptions) {
    this.#options = options;
  }

  /** Takes in bytes that are known already, from the start of the whole on. */
  async keepHead(head: Uint8Array): Promise<void> {
    const { blockBytes, sizeBytes } = this.#options;
    const count = head.length === sizeBytes ? this.#countBlocks() : head.length / blockBytes;
    if (count >= 1) await this.#put(0, Math.floor(count), Promise.resolve(head));
  }

  /** The range must lie within the whole. */
  async read(offset: number, length: number, options: ReadOptions): Promise<Uint8Array> {
    const { blockBytes, maximumBytes, fetch } = this.#options;
    if (length === 0) return new Uint8Array(0);
    // A read that would fill the cache passes by it.
    if (length > maximumBytes / 4) return fetch(offset, length, options);
    const first = Math.floor(offset / blockBytes);
    const last = Math.floor((offset + length - 1) / blockBytes);
    const pending: Promise<Uint8Array>[] = [];
    for (let index = first; index <= last; index += 1) {
      pending.push(this.#touch(index) ?? this.#load(index, last, options));
    }
    const blocks = await Promise.all(pending);
    const joined = new Uint8Array(length);
    for (const [at, block] of blocks.entries()) {
      const position = (first + at) * blockBytes - offset;
      const from = Math.max(0, -position);
      const part = block.subarray(from, from + length - Math.max(0, position));
      joined.set(part, position + from);
    }
    return joined;
  }

  #load(index: number, last: number, options: ReadOptions): Promise<Uint8Array> {
    const { blockBytes, sizeBytes, readAheadBytes, fetch } = this.#options;
    let missing = 1;
    while (index + missing <= last && !this.#blocks.has(index + missing)) missing += 1;
    const grown = Math.min(this.#aheadCount * 2, readAheadBytes / blockBytes);
    this.#aheadCount = index === this.#next ? grown : 1;
    const wanted = Math.max(missing, this.#aheadCount);
    const count = Math.min(wanted, this.#countBlocks() - index);
    this.#next = index + count;
    const offset = index * blockBytes;
    const length = Math.min(count * blockBytes, sizeBytes - offset);
    return this.#put(index, count, fetch(offset, length, options));
  }

  /** Gives the first of the blocks. */
  #put(index: number, count: number, bytes: Promise<Uint8Array>): Promise<Uint8Array> {
    const { blockBytes, maximumBytes } = this.#options;
    const blocks = Array.from({ length: count }, async (_, at) => {
      // A copy, so that one kept block does not hold the whole range in memory.
      return (await bytes).slice(at * blockBytes, (at + 1) * blockBytes);
    });
    for (const [at, block] of blocks.entries()) {
      this.#blocks.set(index + at, block);
      // Whoever reads it learns of the failure; the next one tries again.
      block.catch(() => this.#blocks.delete(index + at));
    }
    for (const oldest of this.#blocks.keys()) {
      if (this.#blocks.size * blockBytes <= maximumBytes) break;
      this.#blocks.delete(oldest);
    }
    return blocks[0] ?? bytes;
  }

  #touch(index: number): Promise<Uint8Array> | undefined {
    const block = this.#blocks.get(index);
    if (block === undefined) return undefined;
    this.#blocks.delete(index);
    this.#blocks.set(index, block);
    return block;
  }

  #countBlocks(): number {
    return Math.ceil(this.#options.sizeBytes / this.#options.blockBytes);
  }
}
