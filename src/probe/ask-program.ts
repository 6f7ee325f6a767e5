import type { Host, RunResult } from '../host/host.ts';

/** A program that only has to say its version. */
const TIMEOUT_MS = 5000;

export interface AskOptions {
  readonly signal?: AbortSignal | undefined;
  readonly timeoutMs?: number | undefined;
  /** Variables of the environment to set beside those of the host. */
  readonly env?: Readonly<Record<string, string>> | undefined;
}

/** Runs a program for its answer: in English, with the host's own environment otherwise, and within a time limit. */
export async function askProgram(
  host: Host,
  [command, ...args]: readonly [string, ...string[]],
  options: AskOptions = {},
): Promise<RunResult> {
  const env = { ...host.env, LC_ALL: 'C', ...options.env };
  return host.run(command, args, {
    env,
    signal: options.signal,
    timeoutMs: options.timeoutMs ?? TIMEOUT_MS,
  });
}
