import { LlcudaError } from '../../errors/llcuda-error.ts';
import { stripControlCharacters } from '../../units/strip-control-characters.ts';

/** Why a folder cannot be packed. */
export interface PackProblem {
  readonly path: string;
  readonly reason: string;
  /** One imperative sentence. */
  readonly fix?: string;
}

/** `PACK_REFUSED`, with the first problem and its fix in words and all of them in the detail. */
export function packRefused(
  path: string,
  problems: readonly [PackProblem, ...PackProblem[]],
): LlcudaError<'PACK_REFUSED'> {
  const [first] = problems;
  const more = problems.length > 1 ? ` (and ${problems.length - 1} more)` : '';
  const what = stripControlCharacters(`${first.path}: ${first.reason}`);
  return new LlcudaError('PACK_REFUSED', `Cannot pack ${path}: ${what}${more}`, {
    detail: { path, problems },
    hint: first.fix ?? 'Mend it and pack again.',
  });
}
