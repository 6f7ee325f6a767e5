import type { Host, RunResult } from '../../host/host.ts';
import { askProgram } from '../ask-program.ts';
import { firstLine } from '../clean-text.ts';
import type { SmiFacts } from '../facts/driver-facts.ts';

/** It takes seconds on a host with many GPUs and without persistence. */
const SMI_TIMEOUT_MS = 15_000;

export interface SmiAnswer extends Pick<SmiFacts, 'outcome' | 'command' | 'message'> {
  readonly stdout: string;
  /** It does not know a field that was asked for: an old driver. */
  readonly isFieldUnknown: boolean;
}

export interface AskSmiOptions {
  readonly signal?: AbortSignal | undefined;
  readonly timeoutMs?: number | undefined;
}

/** The one place where nvidia-smi is asked. Never throws, other than when the signal fires. */
export async function askSmi(
  host: Host,
  args: readonly string[],
  options: AskSmiOptions = {},
): Promise<SmiAnswer> {
  let best: SmiAnswer | undefined;
  for (const command of listCommands(host)) {
    const { signal, timeoutMs = SMI_TIMEOUT_MS } = options;
    const result = await askProgram(host, [command, ...args], { signal, timeoutMs });
    const answer = classify(command, result);
    if (answer.outcome === 'answered') return answer;
    if (best === undefined || best.outcome === 'not-found') best = answer;
    // Another one would ask the same driver, and wait as long.
    if (answer.outcome === 'timed-out') break;
  }
  return best ?? noAnswer;
}

const noAnswer: SmiAnswer = {
  outcome: 'not-found',
  command: undefined,
  message: undefined,
  stdout: '',
  isFieldUnknown: false,
};

/** WSL2 keeps it off PATH in some shells, and so do images that mount the driver in a folder of its own. */
function listCommands(host: Host): readonly string[] {
  if (host.platform === 'darwin') return [];
  if (host.platform === 'win32') return ['nvidia-smi'];
  return ['nvidia-smi', '/usr/lib/wsl/lib/nvidia-smi', '/usr/local/nvidia/bin/nvidia-smi'];
}

/**
 * nvidia-smi's manual has the exit codes (6: no device, 9: driver not loaded, 12: NVML not found); what it says goes to
 * stdout, and wrappers of it end with 0 whatever happened.
 */
function classify(command: string, result: RunResult): SmiAnswer {
  const { stdout, stderr } = result;
  const said = `${stdout}\n${stderr}`;
  const answer = { command, stdout, message: undefined, isFieldUnknown: false };
  if (!result.isInstalled) return { ...answer, outcome: 'not-found', command: undefined };
  if (result.isTimedOut === true) return { ...answer, outcome: 'timed-out' };
  const message = firstLine(said);
  if (/driver\/library version mismatch/i.test(said)) {
    return { ...answer, outcome: 'mismatch', message: joinLines(said) };
  }
  if (/no devices were found/i.test(said)) return { ...answer, outcome: 'no-devices', message };
  const isFieldUnknown = /is not a valid field to query/i.test(said);
  const isError = /^\s*(?:failed to|nvidia-smi has failed|unable to determine|error\b)/i.test(said);
  if (result.exitCode === 0 && !isError && !isFieldUnknown && stdout.trim() !== '') {
    return { ...answer, outcome: 'answered' };
  }
  return { ...answer, outcome: 'failed', message, isFieldUnknown };
}

/** The version of the library is on a line of its own. */
function joinLines(text: string): string | undefined {
  return firstLine(
    text
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== '')
      .slice(0, 2)
      .join('; '),
  );
}
