/** Why a build failed, as far as its output tells. */
export interface BuildFailure {
  readonly cause: 'disk-full' | 'out-of-memory' | 'error';
  /** The lines that say it, not many. */
  readonly lines: readonly string[];
}

const LINES_MAXIMUM = 20;
const LINE_MAXIMUM_CHARACTERS = 300;
const DISK_FULL = /No space left on device|Disk quota exceeded/i;
/** gcc's driver, ninja's shell, nvcc, clang. */
const KILLED =
  /Killed signal terminated program|fatal error: Killed|\bKilled\s*$|died due to signal 9|signal 9 \(Kill signal\)|unable to execute command: Killed|virtual memory exhausted|out of memory allocating/;
const ERROR = /^FAILED: |\berror\b[:\s]|CMake Error|\*\*\* \[|undefined reference/i;

/** Finds the cause and the first error in the last lines of a build's output. */
export function findFailure(lines: readonly string[]): BuildFailure {
  const full = lines.findIndex((line) => DISK_FULL.test(line));
  if (full !== -1) return { cause: 'disk-full', lines: cut(lines.slice(full)) };
  const killed = lines.findIndex((line) => KILLED.test(line));
  if (killed !== -1) return { cause: 'out-of-memory', lines: cut(lines.slice(killed)) };
  // What failed first is the reason; what other jobs printed after it is not.
  const first = lines.findIndex((line) => ERROR.test(line));
  return {
    cause: 'error',
    lines: cut(first === -1 ? lines.slice(-LINES_MAXIMUM) : lines.slice(first)),
  };
}

function cut(lines: readonly string[]): readonly string[] {
  return lines.slice(0, LINES_MAXIMUM).map((line) => line.slice(0, LINE_MAXIMUM_CHARACTERS));
}
