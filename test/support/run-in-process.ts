import { Readable } from 'node:stream';
import { createInterrupts, type Interrupts } from '../../src/cli/interrupts.ts';
import { runCli } from '../../src/cli/run-cli.ts';
import { createDataHost, type DataHostInput } from '../../src/host/create-data-host.ts';
import type { Host } from '../../src/host/host.ts';

export interface InProcessOptions {
  readonly host?: Host;
  readonly data?: DataHostInput;
  readonly input?: string;
  readonly isTerminal?: boolean;
  readonly interrupts?: Interrupts;
}

export interface InProcessResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command line inside the test, on a host made of data unless another is given. */
export async function runInProcess(
  argv: readonly string[],
  options: InProcessOptions = {},
): Promise<InProcessResult> {
  let [stdout, stderr] = ['', ''];
  const isTTY = options.isTerminal ?? false;
  const exitCode = await runCli(argv, {
    host: options.host ?? createDataHost(options.data),
    interrupts: options.interrupts ?? createInterrupts(),
    io: {
      stdout: { isTTY, columns: 80, write: (text) => (stdout += text) },
      stderr: { isTTY, columns: 80, write: (text) => (stderr += text) },
      stdin: Readable.from(options.input === undefined ? [] : [options.input]),
    },
  });
  return { exitCode, stdout, stderr };
}
