import { checkLimit } from '../bytes/check-limit.ts';
import { INFLATE_ALWAYS_BYTES, INFLATE_RATIO_MAXIMUM } from './limits.ts';

/** Counts what is inflated for one archive: it ends bombs, forged sizes and needless passes alike. */
export class InflateBudget {
  readonly #maximumBytes: number;
  #takenBytes = 0;

  constructor(archiveBytes: number) {
    this.#maximumBytes = Math.max(INFLATE_ALWAYS_BYTES, archiveBytes * INFLATE_RATIO_MAXIMUM);
  }

  get leftBytes(): number {
    return this.#maximumBytes - this.#takenBytes;
  }

  /** Throws `BINARY_TOO_LARGE` once more than the maximum was taken. */
  take(sizeBytes: number): void {
    this.#takenBytes += sizeBytes;
    checkLimit('archive.inflatedBytes', this.#takenBytes, this.#maximumBytes);
  }
}
