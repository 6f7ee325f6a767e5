/** Of a longer log only this much of the beginning is examined, where the devices and versions are. Characters. */
export const HEAD_MAXIMUM = 2_000_000;

/** Of a longer log only this much of the end is examined, where the error is. Characters. */
export const TAIL_MAXIMUM = 8_000_000;

/** Longer lines are examined in pieces: what a pattern may take grows with the square of it. Characters. */
export const PIECE_MAXIMUM = 2_000;

/** How far pieces overlap, so that no message is cut: longer than every known message. Characters. */
export const PIECE_OVERLAP = 300;

/** Different known errors that a report has. */
export const MATCHES_MAXIMUM = 20;

/** Lines that a report quotes for one known error; all are counted. */
export const QUOTED_LINES_MAXIMUM = 3;

/** Lines that look like errors, for a log that holds nothing known. */
export const SUSPICIOUS_LINES_MAXIMUM = 12;

/** What is quoted of a line. Characters. */
export const QUOTED_CHARACTERS_MAXIMUM = 240;

/** Values of one kind that are taken from a log, such as GPUs or paths. */
export const FACTS_MAXIMUM = 16;

/** What is taken of a value, such as a path. Characters. */
export const FACT_CHARACTERS_MAXIMUM = 200;

/** Lines whose result is kept, for logs that repeat themselves: at most 1 MB of text. */
export const RECENT_LINES_MAXIMUM = 500;
