import { fork, type ChildProcess } from 'node:child_process';
import { createRequire } from 'node:module';
import * as v from 'valibot';
import { LlcudaError } from '../../errors/llcuda-error.ts';
import { AsyncQueue } from '../../events/async-queue.ts';
import {
  childMessageSchema,
  type ChildMessage,
  type ChildRequest,
  type FailedMessage,
  type ReadyMessage,
} from './protocol.ts';

/** Loading the native library takes a second; a cold disk a few more. */
const READY_TIMEOUT_MS = 120_000;
const STDERR_KEPT_CHARACTERS = 4_000;
const LOG_LINES = 20;

/** Each ends the answers to its request. */
const LAST_MESSAGES: ReadonlySet<ChildMessage['type']> = new Set(['loaded', 'finished', 'failed']);

/** Without its `id`, which the process handle gives. */
type Sendable<Request> = Request extends ChildRequest ? Omit<Request, 'id'> : never;
export type EmbeddedRequest = Sendable<Exclude<ChildRequest, { type: 'cancel' }>>;

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
  const connection = connect(child);
  const onAbort = (): void => void connection.stop();
  options.signal?.addEventListener('abort', onAbort, { once: true });
  try {
    const ready = await connection.waitUntilReady();
    options.signal?.throwIfAborted();
    return {
      ...connection.handle,
      pid: child.pid ?? 0,
      ready,
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
    // stdout of the parent is the answer alone: what native code prints goes to the log instead.
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    // Its own process group: Ctrl+C reaches the parent alone, which decides.
    detached: process.platform !== 'win32',
  });
}

interface Connection {
  readonly handle: Omit<EmbeddedProcess, 'pid' | 'ready'>;
  waitUntilReady(): Promise<ReadyMessage>;
  stop(): Promise<void>;
}

function connect(child: ChildProcess): Connection {
  const queues = new Map<number, AsyncQueue<ChildMessage>>();
  const start = new AsyncQueue<ChildMessage>();
  let stderr = '';
  let nextId = 1;
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr = (stderr + text).slice(-STDERR_KEPT_CHARACTERS);
  });
  child.on('message', (data) => {
    const message = v.parse(childMessageSchema, data);
    const queue = 'id' in message && message.id !== undefined ? queues.get(message.id) : start;
    queue?.push(message);
  });
  const exited = new Promise<void>((resolve) => {
    const end = (error: unknown): void => {
      for (const queue of [start, ...queues.values()]) queue.fail(error);
      resolve();
    };
    child.once('close', (exitCode, signal) => end(asCrashed(exitCode, signal, stderr)));
    // Without a pid it never started. A failed kill or send later changes nothing: `close` tells.
    child.on('error', (error) => child.pid === undefined && end(error));
  });

  async function* request(
    body: EmbeddedRequest,
    signal?: AbortSignal,
  ): AsyncGenerator<ChildMessage, void, void> {
    signal?.throwIfAborted();
    const id = nextId;
    nextId += 1;
    const queue = new AsyncQueue<ChildMessage>();
    const onAbort = (): void => queue.fail(signal?.reason);
    signal?.addEventListener('abort', onAbort, { once: true });
    if (child.exitCode !== null || child.signalCode !== null) {
      queue.fail(asCrashed(child.exitCode, child.signalCode, stderr));
    }
    queues.set(id, queue);
    let isFinished = false;
    try {
      child.send({ ...body, id }, () => undefined);
      for await (const message of queue) {
        signal?.throwIfAborted();
        isFinished = LAST_MESSAGES.has(message.type);
        yield message;
        if (isFinished) return;
      }
    } finally {
      signal?.removeEventListener('abort', onAbort);
      queues.delete(id);
      if (!isFinished && child.connected) child.send({ type: 'cancel', id }, () => undefined);
    }
  }

  const stop = async (): Promise<void> => {
    child.kill('SIGKILL');
    await exited;
  };
  return {
    handle: { request, exited, stop, [Symbol.asyncDispose]: stop },
    waitUntilReady: async () => readStart(start),
    stop,
  };
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

function asCrashed(exitCode: number | null, signal: string | null, stderr: string): LlcudaError {
  const how = signal === null ? `exited with ${exitCode}` : `was ended by ${signal}`;
  const log = stderr.split('\n').filter(Boolean).slice(-LOG_LINES);
  return new LlcudaError('RUNTIME_CRASHED', `The process that runs the model ${how}`, {
    detail: { exitCode, signal, log },
    hint:
      signal === 'SIGKILL'
        ? 'The system may have run out of memory: use a smaller model or --context.'
        : 'Run again with --verbose and report what it prints.',
  });
}
