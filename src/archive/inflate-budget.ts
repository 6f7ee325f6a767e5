import { checkLimit } from '../bytes/check-limit.ts';
import { INFLATE_ALWAYS_BYTES, INFLATE_RATIO_MAXIMUM } from './limits.ts';

export interface InflateLimits {
  /** Allowed whatever the archive's size is. */
  readonly alwaysBytes: number;
  /** Allowed as a multiple of the archive's size. */
  readonly ratio: number;
}

const listingLimits: InflateLimits = {
  alwaysBytes: INFLATE_ALWAYS_BYTES,
  ratio: INFLATE_RATIO_MAXIMUM,
};

/** Counts what is inflated for one archive: it ends bombs, forged sizes and needless passes alike. */
export class InflateBudget {
  readonly #maximumBytes: number;
  #takenBytes = 0;

  constructor(archiveBytes: number, limits: InflateLimits = listingLimits) {
    this.#maximumBytes = Math.max(limits.alwaysBytes, archiveBytes * limits.ratio);
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
