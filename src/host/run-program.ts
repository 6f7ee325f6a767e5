import { spawn, type ChildProcess } from 'node:child_process';
import type { Readable } from 'node:stream';
import type { RunOptions, RunResult } from './host.ts';

/** Output of a program that is kept, per stream. */
const OUTPUT_LIMIT_BYTES = 1_000_000;
/** For what it started and left behind with its output open, and for one that the kernel does not let die. */
const CLOSE_GRACE_MS = 250;

/**
 * Runs a program in a process group of its own, on systems that have them. The result comes at the time limit at the
 * latest, plus a moment, even if the program cannot be killed (a driver call that hangs in the kernel) or a child of its
 * keeps its output open. A probe asks many programs: loading a general library for it would take longer than most of them.
 */
export async function runProgram(
  command: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<RunResult> {
  const { signal, timeoutMs, env, workingDirectory } = options;
  signal?.throwIfAborted();
  const child = spawn(command, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
    ...(env && { env }),
    ...(workingDirectory !== undefined && { cwd: workingDirectory }),
  });
  const stop = (): void => killGroup(child);
  const stdout = collect(child.stdout, stop);
  const stderr = collect(child.stderr, stop);
  signal?.addEventListener('abort', stop, { once: true });
  const { isTimedOut, isInstalled } = await waitForEnd(child, { timeoutMs, stop });
  signal?.removeEventListener('abort', stop);
  release(child);
  signal?.throwIfAborted();
  const { exitCode, signalCode } = child;
  return {
    exitCode: isTimedOut || !isInstalled ? undefined : (exitCode ?? undefined),
    isInstalled,
    stdout: stdout.text(),
    stderr: stderr.text(),
    ...(signalCode !== null && !isTimedOut ? { signal: signalCode } : {}),
    ...(isTimedOut ? { isTimedOut } : {}),
  };
}

interface End {
  readonly isTimedOut: boolean;
  readonly isInstalled: boolean;
}

async function waitForEnd(
  child: ChildProcess,
  { timeoutMs, stop }: { readonly timeoutMs: number | undefined; readonly stop: () => void },
): Promise<End> {
  return new Promise((resolve) => {
    let isTimedOut = false;
    const giveUp = (): void => {
      setTimeout(() => resolve({ isTimedOut, isInstalled: true }), CLOSE_GRACE_MS).unref();
    };
    const expire = (): void => {
      isTimedOut = true;
      stop();
      giveUp();
    };
    const timer = timeoutMs === undefined ? undefined : setTimeout(expire, timeoutMs);
    const finish = (isInstalled: boolean): void => {
      clearTimeout(timer);
      resolve({ isTimedOut, isInstalled });
    };
    child.once('error', () => finish(false));
    child.once('exit', () => {
      clearTimeout(timer);
      giveUp();
    });
    child.once('close', () => finish(true));
  });
}

interface Collected {
  text(): string;
}

function collect(stream: Readable, stop: () => void): Collected {
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  stream.on('data', (chunk: Buffer) => {
    const room = OUTPUT_LIMIT_BYTES - sizeBytes;
    if (room > 0) chunks.push(chunk.subarray(0, room));
    sizeBytes += chunk.length;
    if (sizeBytes > OUTPUT_LIMIT_BYTES) stop();
  });
  // A stream that is given up.
  stream.on('error', () => undefined);
  return { text: () => Buffer.concat(chunks).toString('utf8') };
}

function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    child.kill('SIGKILL');
  }
}

/** Lets this process end although the program or its output may still be there. */
function release(child: ChildProcess): void {
  child.stdout?.destroy();
  child.stderr?.destroy();
  child.unref();
}
