import type { LogText } from './log-text.ts';
import { PIECE_MAXIMUM, PIECE_OVERLAP } from './limits.ts';

/** A line of a log, or a piece of a long one. */
export interface LogLine {
  /** Counted from 1. */
  readonly number: number;
  /** Without control characters. */
  readonly text: string;
}

/** The lines of a log, of which the long ones are cut into pieces that overlap. */
export function* splitLog({ head, tail, skippedLines }: LogText): Generator<LogLine, void, void> {
  const lines = yield* splitPart(head, 1);
  if (tail !== '') yield* splitPart(tail, lines + skippedLines);
}

/** Gives the number of the last line. */
function* splitPart(part: string, first: number): Generator<LogLine, number, void> {
  let number = first;
  for (let start = 0; ; number += 1) {
    const end = part.indexOf('\n', start);
    const stop = end === -1 ? part.length : end;
    yield* splitLine(part, { start, stop, number });
    if (end === -1) return number;
    start = end + 1;
  }
}

function* splitLine(
  part: string,
  {
    start,
    stop,
    number,
  }: { readonly start: number; readonly stop: number; readonly number: number },
): Generator<LogLine, void, void> {
  for (let at = start; at < stop; at += PIECE_MAXIMUM - PIECE_OVERLAP) {
    const text = cleanText(part.slice(at, Math.min(stop, at + PIECE_MAXIMUM)));
    if (text !== '') yield { number, text };
    if (at + PIECE_MAXIMUM >= stop) return;
  }
}

// Escape sequences of terminals: colours and cursor movements.
// oxlint-disable-next-line no-control-regex
const ESCAPE_SEQUENCE = /\u001b\[[\d;?]{0,16}[a-zA-Z]/g;

// What could rewrite a terminal, or hide text from a reader: controls, bidirectional overrides, separators.
// oxlint-disable-next-line no-control-regex
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]/;
// oxlint-disable-next-line no-control-regex
const CONTROLS = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;

/** Also undoes the quotes that GNU's programs print in UTF-8 locales. */
function cleanText(text: string): string {
  const plain = CONTROL.test(text)
    ? text.replace(ESCAPE_SEQUENCE, '').replace(CONTROLS, ' ')
    : text;
  return plain.replace(/[\u2018\u2019]/g, "'").trimEnd();
}
