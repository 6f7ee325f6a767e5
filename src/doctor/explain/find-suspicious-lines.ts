import { QUOTED_CHARACTERS_MAXIMUM, SUSPICIOUS_LINES_MAXIMUM } from './limits.ts';
import type { LogLine } from './split-log.ts';

/** Collects the lines that look like errors, for a log that holds nothing known. */
export interface SuspicionCollector {
  add(line: LogLine): void;
  /** The last ones, each text once. */
  finish(): readonly LogLine[];
}

const SUSPICIOUS =
  /\b(?:errors?|failed|failure|fatal|exception|abort(?:ed)?|cannot|can't|could not|couldn't|unable to|not found|no such|panic|killed|denied|refused|segmentation fault|traceback)\b|\w(?:Error|Exception)\b|\bERR[_!]/i;

/** `0 errors`, `error = none` and the like. */
const HARMLESS = /\b(?:0|no|without) (?:errors?|failures?)\b|\berrors?\s?[:=]\s?(?:0|none|null)\b/i;

export function createSuspicionCollector(): SuspicionCollector {
  const lines = new Map<string, LogLine>();
  return {
    add({ number, text }) {
      if (!SUSPICIOUS.test(text) || HARMLESS.test(text)) return;
      const quoted = text.trim().slice(0, QUOTED_CHARACTERS_MAXIMUM);
      lines.delete(quoted);
      lines.set(quoted, { number, text: quoted });
      const [oldest] = lines.keys();
      if (lines.size > SUSPICIOUS_LINES_MAXIMUM && oldest !== undefined) lines.delete(oldest);
    },
    finish: () => [...lines.values()],
  };
}
