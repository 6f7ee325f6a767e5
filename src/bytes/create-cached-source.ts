import type { ByteSource, ReadOptions } from './byte-source.ts';
import { checkRange } from './check-range.ts';

export interface CachedSourceOptions {
  /** Reads are widened to blocks of this size, aligned to it. Small ones suit headers spread over a file. */
  readonly blockBytes: number;
  /** Bound of what is kept; the blocks used least recently go first. */
  readonly maximumBytes: number;
}

/** A source that keeps blocks it has read, so that many small reads near each other become few. */
export function createCachedSource(source: ByteSource, options: CachedSourceOptions): ByteSource {
  const { blockBytes, maximumBytes } = options;
  if (!Number.isSafeInteger(blockBytes) || blockBytes < 1) {
    throw new TypeError(`blockBytes must be a positive integer, not ${blockBytes}`);
  }
  const { sizeBytes } = source;
  const blocks = new BlockCache(Math.floor(maximumBytes / blockBytes));

  async function fetchBlocks(first: number, last: number, readOptions: ReadOptions): Promise<void> {
    const start = first * blockBytes;
    const end = Math.min((last + 1) * blockBytes, sizeBytes);
    const bytes = await source.read(start, end - start, readOptions);
    if (first === last) return blocks.put(first, bytes);
    for (let index = first; index <= last; index += 1) {
      const at = (index - first) * blockBytes;
      // A copy, so that one kept block does not hold the whole read in memory.
      blocks.put(index, bytes.slice(at, at + blockBytes));
    }
  }

  return {
    sizeBytes,
    async read(offset, length, readOptions = {}) {
      readOptions.signal?.throwIfAborted();
      checkRange({ offset, length }, sizeBytes);
      if (length === 0) return new Uint8Array(0);
      const first = Math.floor(offset / blockBytes);
      const last = Math.floor((offset + length - 1) / blockBytes);
      // A read that would fill the cache passes by it.
      if (last - first + 1 > blocks.capacity / 2) return source.read(offset, length, readOptions);
      for (const run of findMissingRuns(blocks, first, last)) {
        await fetchBlocks(run.first, run.last, readOptions);
      }
      const range = { offset: offset - first * blockBytes, length };
      const found = joinBlocks(blocks, { first, last }, range);
      // Reads at the same time may have pushed a block out again.
      return found ?? source.read(offset, length, readOptions);
    },
  };
}

interface BlockRun {
  readonly first: number;
  readonly last: number;
}

/** Blocks by index. A Map keeps the order of insertion, so its first key is the one used least recently. */
class BlockCache {
  readonly capacity: number;
  readonly #blocks = new Map<number, Uint8Array>();

  constructor(capacity: number) {
    this.capacity = capacity;
  }

  has(index: number): boolean {
    return this.#blocks.has(index);
  }

  get(index: number): Uint8Array | undefined {
    const block = this.#blocks.get(index);
    if (block !== undefined) this.put(index, block);
    return block;
  }

  put(index: number, block: Uint8Array): void {
    this.#blocks.delete(index);
    this.#blocks.set(index, block);
    if (this.#blocks.size <= this.capacity) return;
    for (const oldest of this.#blocks.keys()) {
      this.#blocks.delete(oldest);
      return;
    }
  }
}

function findMissingRuns(blocks: BlockCache, first: number, last: number): BlockRun[] {
  const runs: BlockRun[] = [];
  let start: number | undefined;
  for (let index = first; index <= last + 1; index += 1) {
    const isMissing = index <= last && !blocks.has(index);
    if (isMissing) start ??= index;
    else if (start !== undefined) {
      runs.push({ first: start, last: index - 1 });
      start = undefined;
    }
  }
  return runs;
}

function joinBlocks(
  blocks: BlockCache,
  run: BlockRun,
  range: { readonly offset: number; readonly length: number },
): Uint8Array | undefined {
  const only = run.first === run.last ? blocks.get(run.first) : undefined;
  if (only !== undefined) return only.subarray(range.offset, range.offset + range.length);
  const joined = new Uint8Array(range.length);
  let position = -range.offset;
  for (let index = run.first; index <= run.last; index += 1) {
    const block = blocks.get(index);
    if (block === undefined) return undefined;
    const from = Math.max(0, -position);
    const at = position + from;
    joined.set(block.subarray(from, from + range.length - at), at);
    position += block.length;
  }
  return joined;
}
