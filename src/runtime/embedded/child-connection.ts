import type { ChildProcess } from 'node:child_process';
import * as v from 'valibot';
import { LlcudaError } from '../../errors/llcuda-error.ts';
import { AsyncQueue } from '../../events/async-queue.ts';
import { childMessageSchema, type ChildMessage, type ChildRequest } from './protocol.ts';

const OUTPUT_KEPT_CHARACTERS = 4_000;
const LOG_LINES = 20;

/** Each ends the answers to its request. */
const LAST_MESSAGES: ReadonlySet<ChildMessage['type']> = new Set(['loaded', 'finished', 'failed']);

/** Without its `id`, which the process handle gives. */
type Sendable<Request> = Request extends ChildRequest ? Omit<Request, 'id'> : never;
export type EmbeddedRequest = Sendable<Exclude<ChildRequest, { type: 'cancel' }>>;

/** The parent's end of the IPC channel: requests, their answers, and the end of the process. */
export class ChildConnection {
  /** What the child says before the first request: that it is ready, or why it is not. */
  readonly start: AsyncQueue<ChildMessage> = new AsyncQueue();
  /** Resolves when the process has ended, however it ended. Never rejects. */
  readonly exited: Promise<void>;
  readonly #child: ChildProcess;
  readonly #queues = new Map<number, AsyncQueue<ChildMessage>>();
  #output = '';
  #nextId = 1;

  constructor(child: ChildProcess) {
    this.#child = child;
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.#output = (this.#output + text).slice(-OUTPUT_KEPT_CHARACTERS);
      });
    }
    child.on('message', (data) => this.#receive(data));
    this.exited = new Promise((resolve) => {
      const end = (error: unknown): void => {
        this.#failAll(error);
        resolve();
      };
      child.once('close', (exitCode, signal) => end(asCrashed(exitCode, signal, this.#output)));
      // Without a pid it never started. A failed kill or send later changes nothing: `close` tells.
      child.on('error', (error) => child.pid === undefined && end(error));
    });
  }

  /** Sends a request and gives its answers as they come; leaving the loop or the signal cancels it. */
  async *request(
    body: EmbeddedRequest,
    signal?: AbortSignal,
  ): AsyncGenerator<ChildMessage, void, void> {
    signal?.throwIfAborted();
    const id = this.#nextId;
    this.#nextId += 1;
    const queue = this.#openQueue(id);
    const onAbort = (): void => queue.fail(signal?.reason);
    signal?.addEventListener('abort', onAbort, { once: true });
    let isFinished = false;
    try {
      this.#child.send({ ...body, id }, () => undefined);
      for await (const message of queue) {
        signal?.throwIfAborted();
        isFinished = LAST_MESSAGES.has(message.type);
        yield message;
        if (isFinished) return;
      }
    } finally {
      signal?.removeEventListener('abort', onAbort);
      this.#queues.delete(id);
      const isWorking = !isFinished && this.#child.connected;
      if (isWorking) this.#child.send({ type: 'cancel', id }, () => undefined);
    }
  }

  /** Idempotent. The process holds nothing worth a clean end: it is killed. */
  async stop(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.exited;
  }

  #openQueue(id: number): AsyncQueue<ChildMessage> {
    const { exitCode, signalCode } = this.#child;
    const queue = new AsyncQueue<ChildMessage>();
    if (exitCode !== null || signalCode !== null) {
      queue.fail(asCrashed(exitCode, signalCode, this.#output));
    }
    this.#queues.set(id, queue);
    return queue;
  }

  #receive(data: unknown): void {
    const parsed = v.safeParse(childMessageSchema, data);
    if (!parsed.success) {
      this.#failAll(asUnknownMessage(parsed.issues[0].message));
      this.#child.kill('SIGKILL');
      return;
    }
    const message = parsed.output;
    const hasId = 'id' in message && message.id !== undefined;
    const queue = hasId ? this.#queues.get(message.id) : this.start;
    queue?.push(message);
  }

  #failAll(error: unknown): void {
    for (const queue of [this.start, ...this.#queues.values()]) queue.fail(error);
  }
}

function asUnknownMessage(reason: string): LlcudaError {
  const message = `The process that runs the model sent something llcuda does not know: ${reason}`;
  return new LlcudaError('RUNTIME_CRASHED', message, {
    detail: { exitCode: null, signal: null, log: [reason] },
    hint: 'Run again with --verbose and report what it prints.',
  });
}

function asCrashed(exitCode: number | null, signal: string | null, output: string): LlcudaError {
  const how = signal === null ? `exited with ${exitCode}` : `was ended by ${signal}`;
  const log = output.split('\n').filter(Boolean).slice(-LOG_LINES);
  return new LlcudaError('RUNTIME_CRASHED', `The process that runs the model ${how}`, {
    detail: { exitCode, signal, log },
    hint:
      signal === 'SIGKILL'
        ? 'The system may have run out of memory: use a smaller model or --context.'
        : 'Run again with --verbose and report what it prints.',
  });
}
