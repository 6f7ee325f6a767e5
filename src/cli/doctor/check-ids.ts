import { checks } from '../../doctor/checks.ts';
import { LlcudaError } from '../../errors/llcuda-error.ts';
import { editDistance } from '../../units/edit-distance.ts';
import { stripControlCharacters } from '../../units/strip-control-characters.ts';

const SUGGESTIONS_MAXIMUM = 3;

/** Throws `USAGE_INVALID` for an id that no check has, with those that look like it. */
export function checkIds(ids: readonly string[]): void {
  const known = checks.map(({ id }) => id);
  const unknown = ids.find((id) => !known.includes(id));
  if (unknown === undefined) return;
  const near = known
    .map((id) => ({ id, score: score(unknown, id) }))
    .filter(({ id, score: distance }) => distance <= Math.max(2, id.length / 3))
    .sort((left, right) => left.score - right.score)
    .slice(0, SUGGESTIONS_MAXIMUM);
  throw new LlcudaError(
    'USAGE_INVALID',
    `There is no check ${stripControlCharacters(unknown).slice(0, 80)}`,
    {
      detail: { argument: '--only' },
      hint:
        near.length > 0
          ? `Did you mean ${near.map(({ id }) => id).join(', ')}?`
          : 'Run `llcuda doctor --verbose` for the ids of all checks.',
    },
  );
}

/** A part of an id counts as near to it. */
function score(text: string, id: string): number {
  if (text.length > 200) return Infinity;
  return text.length >= 3 && id.includes(text.toLowerCase()) ? 0.5 : editDistance(text, id);
}
