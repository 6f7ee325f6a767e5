import { createNodeHost } from '../host/create-node-host.ts';
import type { CliIo } from './cli-io.ts';
import { createInterrupts } from './interrupts.ts';
import { runCli } from './run-cli.ts';

/** Exit codes of programs that a signal ended: 128 and its number. */
const SIGTERM_EXIT_CODE = 143;
const SIGINT_EXIT_CODE = 130;

/** Runs the command line of this process: wires its streams and signals and sets its exit code. */
export async function runProcess(): Promise<void> {
  const interrupts = createInterrupts();
  let exitCodeBySignal: number | undefined;
  process.on('SIGINT', () => interrupts.trigger());
  for (const signal of ['SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      exitCodeBySignal = SIGTERM_EXIT_CODE;
      interrupts.abort();
    });
  }
  // `llcuda run | head` closes the pipe early: that is no failure, but there is no one to write for.
  process.stdout.on('error', () => {
    exitCodeBySignal = SIGINT_EXIT_CODE;
    interrupts.abort();
  });
  const io: CliIo = {
    stdout: process.stdout,
    stderr: process.stderr,
    // Opened only by a command that reads it.
    get stdin() {
      return process.stdin;
    },
  };
  const exitCode = await runCli(process.argv.slice(2), { host: createNodeHost(), io, interrupts });
  process.exitCode = exitCodeBySignal ?? exitCode;
}
