import { HEAD_MAXIMUM, TAIL_MAXIMUM } from './limits.ts';

/** A log, or the two ends of a long one. */
export interface LogText {
  readonly head: string;
  /** `''` when `head` is all. */
  readonly tail: string;
  /** Line breaks and characters between the two. */
  readonly skippedLines: number;
  readonly skippedCharacters: number;
}

export interface LogCollector {
  add(text: string): void;
  finish(): LogText;
}

/** Takes a text of any length piece by piece and keeps no more than both of its ends. */
export function createLogCollector(): LogCollector {
  let [head, tail] = ['', ''];
  let [skippedLines, skippedCharacters] = [0, 0];
  /** Cuts the tail to its size; done rarely, since it copies. */
  const trim = (): void => {
    const excess = tail.length - TAIL_MAXIMUM;
    if (excess <= 0) return;
    const end = tail.indexOf('\n', excess);
    const cut = end === -1 || end - excess > HEAD_MAXIMUM ? excess : end + 1;
    skippedLines += countLineBreaks(tail, cut);
    skippedCharacters += cut;
    tail = tail.slice(cut);
  };
  return {
    add(text) {
      const room = HEAD_MAXIMUM - head.length;
      head += text.slice(0, Math.max(0, room));
      tail += text.slice(Math.max(0, room));
      if (tail.length > 2 * TAIL_MAXIMUM) trim();
    },
    finish() {
      trim();
      // Nothing is missing between the two: the break may be in the middle of a line.
      if (skippedCharacters === 0)
        return { head: head + tail, tail: '', skippedLines, skippedCharacters };
      return { head, tail, skippedLines, skippedCharacters };
    },
  };
}

/** A text that is in memory already. */
export function createLogText(text: string): LogText {
  const collector = createLogCollector();
  collector.add(text);
  return collector.finish();
}

function countLineBreaks(text: string, end: number): number {
  let count = 0;
  for (let at = text.indexOf('\n'); at !== -1 && at < end; at = text.indexOf('\n', at + 1))
    count += 1;
  return count;
}
