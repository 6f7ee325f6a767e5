import type { CompatImage } from './compat-image.ts';
import type { FailureCause } from './verdict.ts';

/** A failure before it is put into words for people. */
export interface Failure {
  readonly outcome: 'fail';
  readonly cause: FailureCause;
  /** `undefined` where the loader fails before CUDA is asked. */
  readonly cudaError: number | undefined;
  readonly reason: string;
}

/** What the rules find for one fatbin on one host. */
export type Finding =
  | { readonly outcome: 'native'; readonly image: CompatImage; readonly reason: string }
  | {
      readonly outcome: 'jit';
      readonly image: CompatImage;
      readonly ptxBytes: number;
      readonly reason: string;
    }
  | Failure;
