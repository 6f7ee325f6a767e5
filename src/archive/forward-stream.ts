import type { ReadOptions } from '../bytes/byte-source.ts';
import type { InflateBudget } from './inflate-budget.ts';
import { STREAM_WINDOW_BYTES } from './limits.ts';

export interface ForwardStreamOptions {
  /** Starts at the first byte again. */
  readonly open: (options: ReadOptions) => AsyncIterable<Uint8Array>;
  readonly budget: InflateBudget;
}

interface Chunk {
  readonly offset: number;
  readonly bytes: Uint8Array;
}

/**
 * Reads a compressed stream as if it had random access, with little memory: going forward skips, small steps back
 * are served from what was just read, and larger ones start over. Readers that go forward pay for one pass.
 */
export class ForwardStream implements AsyncDisposable {
  readonly #options: ForwardStreamOptions;
  #iterator: AsyncIterator<Uint8Array> | undefined;
  /** What was read last, without gaps, up to `#end`. */
  #window: Chunk[] = [];
  #end = 0;
  #passCount = 0;

  constructor(options: ForwardStreamOptions) {
    this.#options = options;
  }

  /** How often the stream was started. */
  get passCount(): number {
    return this.#passCount;
  }

  /** Gives `length` bytes, or fewer only where the stream ends. */
  async read(offset: number, length: number, options: ReadOptions = {}): Promise<Uint8Array> {
    const windowStart = this.#window[0]?.offset ?? this.#end;
    if (this.#iterator === undefined || offset < windowStart) await this.#restart(options);
    let isDone = false;
    while (this.#end < offset + length && !isDone) {
      options.signal?.throwIfAborted();
      isDone = !(await this.#pull(offset));
    }
    return this.#copy(offset, Math.max(0, Math.min(length, this.#end - offset)));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const iterator = this.#iterator;
    this.#iterator = undefined;
    this.#window = [];
    await iterator?.return?.();
  }

  async #restart(options: ReadOptions): Promise<void> {
    await this[Symbol.asyncDispose]();
    this.#end = 0;
    this.#passCount += 1;
    this.#iterator = this.#options.open(options)[Symbol.asyncIterator]();
  }

  /** Takes in one chunk and forgets what lies before `wanted` and before the window. */
  async #pull(wanted: number): Promise<boolean> {
    const result = await this.#iterator?.next();
    if (result === undefined || result.done === true) return false;
    const bytes = result.value;
    this.#options.budget.take(bytes.length);
    this.#window.push({ offset: this.#end, bytes });
    this.#end += bytes.length;
    const keepFrom = Math.min(wanted, this.#end - STREAM_WINDOW_BYTES);
    const isKept = ({ offset, bytes: { length } }: Chunk): boolean => offset + length > keepFrom;
    const firstKept = this.#window.findIndex(isKept);
    if (firstKept > 0) this.#window.splice(0, firstKept);
    return true;
  }

  #copy(offset: number, length: number): Uint8Array {
    const copy = new Uint8Array(length);
    for (const chunk of this.#window) {
      const from = Math.max(0, offset - chunk.offset);
      const to = offset + length - chunk.offset;
      if (to <= 0) break;
      const part = chunk.bytes.subarray(from, to);
      if (part.length > 0) copy.set(part, chunk.offset + from - offset);
    }
    return copy;
  }
}
