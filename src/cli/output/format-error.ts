import { inspect } from 'node:util';
import { describeError } from '../../errors/describe-error.ts';
import { stripControlCharacters } from '../../units/strip-control-characters.ts';
import type { Theme } from './theme.ts';

/** An error for people: what happened, what to do next; with `isVerbose` all that is known. */
export function formatError(error: unknown, theme: Theme, isVerbose: boolean): string {
  const { code, message, hint } = describeError(error);
  const lines = [`${theme.error('error')} ${code}: ${stripControlCharacters(message)}`];
  if (hint !== undefined) lines.push(`  ${stripControlCharacters(hint)}`);
  if (isVerbose) lines.push(inspect(error, { depth: 6 }));
  return `${lines.join('\n')}\n`;
}

/** An error as `--json` prints it. */
export function formatErrorJson(error: unknown): string {
  const { code, message, hint, detail } = describeError(error);
  return `${JSON.stringify({ error: { code, message, hint: hint ?? null, detail } }, null, 2)}\n`;
}
