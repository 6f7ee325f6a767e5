import { MATCHES_MAXIMUM, QUOTED_CHARACTERS_MAXIMUM, QUOTED_LINES_MAXIMUM } from './limits.ts';
import type { KnownError, KnownErrorRole } from './known-error.ts';
import type { LogLine } from './split-log.ts';
import type { TemplateValues } from './fill-template.ts';

/** Where a known error is in a log. */
export interface LogMatch {
  readonly error: KnownError;
  /** The first ones. */
  readonly lines: readonly LogLine[];
  /** Lines that match. */
  readonly count: number;
  /** Named groups of the patterns, of the first line that has them. */
  readonly values: TemplateValues;
}

/** Collects matches line by line. */
export interface LogMatcher {
  add(line: LogLine): void;
  /** The causes first, then what follows from them; in the order of the log, then of the catalogue. */
  finish(): readonly LogMatch[];
}

export function createLogMatcher(errors: readonly KnownError[]): LogMatcher {
  const found = new Map<KnownError, { lines: LogLine[]; count: number; values: TemplateValues }>();
  return {
    add(line) {
      if (!WORDS.test(line.text) && !CONSTANTS.test(line.text)) return;
      for (const error of errors) {
        const match = findMatch(error, line.text);
        if (match === undefined) continue;
        const known = found.get(error) ?? { lines: [], count: 0, values: {} };
        found.set(error, known);
        const isNew = known.lines.at(-1)?.number !== line.number;
        if (isNew) known.count += 1;
        if (isNew && known.lines.length < QUOTED_LINES_MAXIMUM)
          known.lines.push(quote(line, match.index));
        known.values = { ...match.groups, ...known.values };
      }
    },
    finish: () =>
      [...found]
        .map(([error, { lines, count, values }]) => ({ error, lines, count, values }))
        .sort((left, right) => compare(left, right, errors))
        .slice(0, MATCHES_MAXIMUM),
  };
}

/** Words of which nearly every known message has one: most lines of a long log are done with here. */
const WORDS =
  /error|fail|cannot|can't|could|unable|not (?:found|able|supported|compatible|support|compiled)|no (?:such|devices|usable|cuda|gguf|backends)|unsupported|invalid|missing|mismatch|illegal|killed|denied|forbidden|restrict|refus|exceed|out of|too |larger than|require|must be|abort|fault|fatal|xid|undefined|insufficient|enough|busy|loading model|not be utilized|only compiled|timed out|needed by|fallen off|nouveau|nvrm|gated|falling back|is lost|is empty|deprecated|compiling the|bad |quota|nccl|only supports/i;

/** Names of constants: `CUDA_ERROR_NO_DEVICE`, `ENOSPC`, `SIGKILL`. */
const CONSTANTS = /[A-Z]{3}_[A-Z]{2}|\bE[A-Z]{5}|\bSIG[A-Z]{3}|OOMK/;

function findMatch(error: KnownError, text: string): RegExpExecArray | undefined {
  for (const pattern of error.patterns) {
    const match = pattern.exec(text);
    if (match !== null) return match;
  }
  return undefined;
}

/** A long line is quoted from a little before its message. */
function quote({ number, text }: LogLine, index: number): LogLine {
  if (text.length <= QUOTED_CHARACTERS_MAXIMUM) return { number, text };
  const start = Math.max(0, Math.min(index - 60, text.length - QUOTED_CHARACTERS_MAXIMUM));
  const end = start + QUOTED_CHARACTERS_MAXIMUM;
  const part = text.slice(start, end);
  return { number, text: `${start > 0 ? '...' : ''}${part}${end < text.length ? '...' : ''}` };
}

const order: Readonly<Record<KnownErrorRole, number>> = {
  cause: 0,
  failure: 1,
  consequence: 2,
  note: 3,
};

function compare(left: LogMatch, right: LogMatch, errors: readonly KnownError[]): number {
  return (
    order[left.error.role] - order[right.error.role] ||
    (left.lines[0]?.number ?? 0) - (right.lines[0]?.number ?? 0) ||
    errors.indexOf(left.error) - errors.indexOf(right.error)
  );
}
