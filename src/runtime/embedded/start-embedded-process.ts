import { fork, type ChildProcess } from 'node:child_process';
import { createRequire } from 'node:module';
import { LlcudaError } from '../../errors/llcuda-error.ts';
import type { AsyncQueue } from '../../events/async-queue.ts';
import { ChildConnection, type EmbeddedRequest } from './child-connection.ts';
import type { ChildMessage, FailedMessage, ReadyMessage } from './protocol.ts';

/** Loading the native library takes a second; a cold disk a few more. */
const READY_TIMEOUT_MS = 120_000;

export interface EmbeddedProcess extends AsyncDisposable {
  readonly pid: number;
  readonly ready: ReadyMessage;
  /** Sends a request and gives its answers as they come; leaving the loop or the signal cancels it. */
  request(request: EmbeddedRequest, signal?: AbortSignal): AsyncGenerator<ChildMessage, void, void>;
  /** Resolves when the process has ended, however it ended. Never rejects. */
  readonly exited: Promise<void>;
  /** Idempotent. The process holds nothing worth a clean end: it is killed. */
  stop(): Promise<void>;
}

export interface EmbeddedProcessOptions {
  /** Folder of an installed embedded runtime. */
  readonly runtimeDirectory: string;
  readonly gpu: 'auto' | 'off';
  readonly maxThreads: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Starts the process that runs llama.cpp and waits until its native library is loaded. A crash in it
 * is an error of the request at hand (`RUNTIME_CRASHED`), never the end of this process. Throws
 * `RUNTIME_BROKEN` when the library cannot be loaded.
 */
export async function startEmbeddedProcess(
  options: EmbeddedProcessOptions,
): Promise<EmbeddedProcess> {
  options.signal?.throwIfAborted();
  const child = spawnChild(options);
  const connection = new ChildConnection(child);
  const onAbort = (): void => void connection.stop();
  options.signal?.addEventListener('abort', onAbort, { once: true });
  try {
    const ready = await readStart(connection.start);
    options.signal?.throwIfAborted();
    const stop = async (): Promise<void> => connection.stop();
    return {
      pid: child.pid ?? 0,
      ready,
      exited: connection.exited,
      request: (request, signal) => connection.request(request, signal),
      stop,
      [Symbol.asyncDispose]: stop,
    };
  } catch (error) {
    await connection.stop();
    options.signal?.throwIfAborted();
    throw asBroken(options.runtimeDirectory, error);
  } finally {
    options.signal?.removeEventListener('abort', onAbort);
  }
}

function spawnChild(options: EmbeddedProcessOptions): ChildProcess {
  const entry = createRequire(import.meta.url).resolve('#embedded-child');
  return fork(entry, [options.runtimeDirectory, options.gpu, String(options.maxThreads)], {
    execArgv: [],
    // stdout of the parent is the answer alone: what native code prints is kept for the error instead.
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    env: withoutToken(process.env),
    // Its own process group: Ctrl+C reaches the parent alone, which decides.
    detached: process.platform !== 'win32',
  });
}

/** Native code and templates of strangers run there: no secrets. */
function withoutToken({ HF_TOKEN: _token, ...env }: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return env;
}

async function readStart(start: AsyncQueue<ChildMessage>): Promise<ReadyMessage> {
  const timer = setTimeout(
    () => start.fail(new Error(`it was not ready after ${READY_TIMEOUT_MS / 1000} s`)),
    READY_TIMEOUT_MS,
  );
  try {
    for await (const message of start) {
      if (message.type === 'ready') return message;
      if (message.type === 'failed') throw new StartFailure(message);
    }
    throw new Error('the process ended before it was ready');
  } finally {
    clearTimeout(timer);
  }
}

class StartFailure extends Error {
  readonly log: readonly string[];

  constructor({ reason, log }: FailedMessage) {
    super(reason.code === 'OTHER' ? reason.message : reason.code);
    this.log = log;
  }
}

function asBroken(runtimeDirectory: string, error: unknown): LlcudaError {
  const reason = error instanceof Error ? error.message : String(error);
  const log = error instanceof StartFailure ? error.log : [];
  return new LlcudaError('RUNTIME_BROKEN', `The embedded runtime cannot be loaded: ${reason}`, {
    detail: { runtime: runtimeDirectory, reason, log },
    hint: `Remove ${runtimeDirectory}: the next run installs it again.`,
    cause: error,
  });
}
