/**
 * Looks for stop texts in a stream of text. Text that may be the beginning of one is held back, so
 * that no part of a stop text ever gets out.
 */
export class StopScanner {
  readonly #stops: readonly string[];
  #held = '';

  constructor(stops: readonly string[]) {
    this.#stops = stops.filter((stop) => stop !== '');
  }

  /** Text that may be shown now, and the stop text that was met. After a stop, push no more. */
  push(text: string): { readonly text: string; readonly stop: string | undefined } {
    const buffer = this.#held + text;
    const found = this.#findFirst(buffer);
    if (found) {
      this.#held = '';
      return { text: buffer.slice(0, found.index), stop: found.stop };
    }
    const keep = this.#lengthOfPossibleStart(buffer);
    this.#held = buffer.slice(buffer.length - keep);
    return { text: buffer.slice(0, buffer.length - keep), stop: undefined };
  }

  /** What was held back and turned out to be no stop text. */
  flush(): string {
    const text = this.#held;
    this.#held = '';
    return text;
  }

  #findFirst(buffer: string): { index: number; stop: string } | undefined {
    let first: { index: number; stop: string } | undefined;
    for (const stop of this.#stops) {
      const index = buffer.indexOf(stop);
      if (index !== -1 && index < (first?.index ?? Infinity)) first = { index, stop };
    }
    return first;
  }

  #lengthOfPossibleStart(buffer: string): number {
    let longest = 0;
    for (const stop of this.#stops) {
      const limit = Math.min(stop.length - 1, buffer.length);
      for (let length = limit; length > longest; length -= 1) {
        if (buffer.endsWith(stop.slice(0, length))) longest = length;
      }
    }
    return longest;
  }
}
