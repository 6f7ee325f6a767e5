export interface BuiltUnit {
  /** What was made, as ninja names it. */
  readonly output: string;
  readonly durationMs: number;
}

/** The unit that took longest, of the text of a `.ninja_log`. `undefined` where there is none. */
export function findSlowestUnit(ninjaLog: string): BuiltUnit | undefined {
  let slowest: BuiltUnit | undefined;
  for (const line of ninjaLog.split('\n')) {
    // Start and end in milliseconds, time of the output, output, hash of the command.
    const [start, end, , output] = line.split('\t');
    const durationMs = Number(end) - Number(start);
    if (output === undefined || !(durationMs >= 0)) continue;
    if (slowest === undefined || durationMs > slowest.durationMs) slowest = { output, durationMs };
  }
  return slowest;
}
