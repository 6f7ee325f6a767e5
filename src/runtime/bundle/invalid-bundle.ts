import { LlcudaError } from '../../errors/llcuda-error.ts';
import { stripControlCharacters } from '../../units/strip-control-characters.ts';

/** Something in a bundle that is not as the manifest says. */
export interface BundleProblem {
  readonly path: string;
  readonly reason: string;
}

/** `BUNDLE_INVALID`, with the first problem in the message and all of them in the detail. */
export function invalidBundle(
  path: string,
  problems: readonly BundleProblem[],
): LlcudaError<'BUNDLE_INVALID'> {
  const [first = { path: '', reason: 'it is no bundle' }] = problems;
  const more = problems.length > 1 ? ` (and ${problems.length - 1} more)` : '';
  const what = stripControlCharacters(`${first.path}: ${first.reason}`);
  return new LlcudaError('BUNDLE_INVALID', `${path} is no valid bundle: ${what}${more}`, {
    detail: { path, problems },
    hint: 'Pack it again with `llcuda pack`, or get it again from where it was published.',
  });
}
