import { constants } from 'node:os';
import { createNodeHost } from '../host/create-node-host.ts';
import { asFileError } from '../files/as-file-error.ts';
import { describeError } from '../errors/describe-error.ts';
import { errorCatalogue } from '../errors/error-catalogue.ts';
import type { CliIo } from './cli-io.ts';
import { createInterrupts } from './interrupts.ts';
import { runCli } from './run-cli.ts';

/** A program that a signal ended gives 128 and the number of the signal. */
const SIGNAL_EXIT_CODE = 128;
const IO_ERROR_EXIT_CODE = 74;

/** Runs the command line of this process: wires its streams and signals and sets its exit code. */
export async function runProcess(): Promise<void> {
  const interrupts = createInterrupts();
  let exitCodeBySignal: number | undefined;
  process.on('SIGINT', () => {
    // The second one ends it, whatever is still being put away.
    if (interrupts.signal.aborted) process.exit(SIGNAL_EXIT_CODE + constants.signals.SIGINT);
    interrupts.trigger();
  });
  for (const signal of ['SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      exitCodeBySignal = SIGNAL_EXIT_CODE + constants.signals[signal];
      interrupts.abort();
    });
  }
  let outputError: Error | undefined;
  process.stdout.on('error', (error) => {
    outputError ??= error;
    interrupts.abort();
  });
  // Nobody is left to tell; the answer on stdout still counts.
  process.stderr.on('error', () => undefined);
  const io: CliIo = {
    stdout: process.stdout,
    stderr: { isTTY: process.stderr.isTTY, columns: process.stderr.columns, write: writeMessage },
    // Opened only by a command that reads it.
    get stdin() {
      return process.stdin;
    },
  };
  const exitCode = await runCli(process.argv.slice(2), { host: createNodeHost(), io, interrupts });
  // What is still on its way may fail, too: an error comes before the callback.
  await new Promise<void>((resolve) => process.stdout.write('', () => resolve()));
  process.exitCode = exitCodeBySignal ?? (outputError ? reportOutputError(outputError) : exitCode);

  function writeMessage(text: string): void {
    // After stdout broke, "interrupted" is not what happened.
    if (!outputError) process.stderr.write(text);
  }
}

/** `llcuda run | head` closes the pipe early: no failure to talk about, the code of SIGPIPE as usual. */
function reportOutputError(error: Error): number {
  if ('code' in error && error.code === 'EPIPE') {
    return SIGNAL_EXIT_CODE + constants.signals.SIGPIPE;
  }
  const { code, message } = describeError(asFileError(error, 'stdout'));
  process.stderr.write(`error ${code}: ${message}\n`);
  return code === 'INTERNAL' ? IO_ERROR_EXIT_CODE : errorCatalogue[code].exitCode;
}
