import { checkLimit } from '../bytes/check-limit.ts';
import { FATBINS_MAXIMUM, IMAGES_MAXIMUM } from './limits.ts';

/**
 * Counts what is read of one source. It bounds the work too: containers that a search found and that turned out to be
 * none are counted, so that a file full of forged ones ends in `BINARY_TOO_LARGE`.
 */
export class ImageBudget {
  #fatbins = 0;
  #images = 0;

  takeFatbin(): void {
    this.#fatbins += 1;
    checkLimit('fatbin.count', this.#fatbins, FATBINS_MAXIMUM);
  }

  takeImage(): void {
    this.#images += 1;
    checkLimit('fatbin.images', this.#images, IMAGES_MAXIMUM);
  }
}
