import {
  MATCHES_MAXIMUM,
  QUOTED_CHARACTERS_MAXIMUM,
  QUOTED_LINES_MAXIMUM,
  RECENT_LINES_MAXIMUM,
} from './limits.ts';
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
  const found = new Map<
    KnownError,
    { lines: LogLine[]; last: number; count: number; values: TemplateValues }
  >();
  const findAll = createFinder(errors);
  return {
    add(line) {
      for (const { error, match } of findAll(line.text)) {
        const known = found.get(error) ?? { lines: [], last: 0, count: 0, values: {} };
        found.set(error, known);
        known.values = { ...match.groups, ...known.values };
        // Pieces of a long line overlap.
        if (known.last === line.number) continue;
        known.last = line.number;
        known.count += 1;
        if (known.lines.length < QUOTED_LINES_MAXIMUM) known.lines.push(quote(line, match.index));
      }
    },
    finish: () =>
      [...found]
        .map(([error, { lines, count, values }]) => ({ error, lines, count, values }))
        .sort((left, right) => compare(left, right, errors))
        .slice(0, MATCHES_MAXIMUM),
  };
}

interface FoundError {
  readonly error: KnownError;
  readonly match: RegExpExecArray;
}

/** Finds the errors of a line; a line that was there lately is not searched again. */
function createFinder(errors: readonly KnownError[]): (text: string) => readonly FoundError[] {
  const recent = new Map<string, readonly FoundError[]>();
  return (text) => {
    if (!WORDS.test(text) && !CONSTANTS.test(text)) return [];
    const known = recent.get(text);
    if (known !== undefined) return known;
    const found = errors.flatMap((error) => {
      const match = findMatch(error, text);
      return match === undefined ? [] : [{ error, match }];
    });
    if (recent.size >= RECENT_LINES_MAXIMUM) recent.clear();
    recent.set(text, found);
    return found;
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
