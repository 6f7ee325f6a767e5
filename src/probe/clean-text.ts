import { stripControlCharacters } from '../units/strip-control-characters.ts';

/** A name or a message of this length is whole; more is not what it is taken for. */
const MAXIMUM_CHARACTERS = 300;

/** One line of text from a file or a program, fit to be kept and printed; `undefined` for an empty one. */
export function cleanText(text: string | undefined): string | undefined {
  const clean = stripControlCharacters(text ?? '')
    .trim()
    .slice(0, MAXIMUM_CHARACTERS);
  return clean === '' ? undefined : clean;
}

/** The first line that says anything. */
export function firstLine(text: string): string | undefined {
  return cleanText(text.split('\n').find((line) => line.trim() !== ''));
}
