// The child process of the embedded runtime: loads node-llama-cpp out of the store, answers the
// requests of protocol.ts over the IPC channel, and ends with its parent, however that ends.
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { ChildFailure } from './child-failure.ts';
import { createChildLog } from './child-log.ts';
import { ChildModel } from './child-model.ts';
import { endWithParent } from './end-with-parent.ts';
import type { Jinja, Llama, NodeLlamaCpp } from './node-llama-cpp.ts';
import type { ChildMessage, ChildRequest } from './protocol.ts';

const LOG_DELAY_MS = 20;

endWithParent();
// On Windows the console gives Ctrl+C to every process in it; the parent decides.
process.on('SIGINT', () => undefined);

const [runtimeDirectory = '', gpuMode = 'off', maxThreads = '1'] = process.argv.slice(2);
const log = createChildLog();

try {
  const { llama, jinja } = await loadRuntime();
  serve(llama, jinja);
  send({
    type: 'ready',
    llamaCpp: llama.llamaCppRelease.release,
    device: llama.gpu === false ? 'CPU' : llama.gpu,
  });
} catch (error) {
  await sendFailure(undefined, error);
}

async function loadRuntime(): Promise<{ llama: Llama; jinja: Jinja }> {
  const fromRuntime = createRequire(join(runtimeDirectory, 'package.json'));
  const libraryPath = fromRuntime.resolve('node-llama-cpp');
  const library: NodeLlamaCpp = await import(pathToFileURL(libraryPath).href);
  const jinjaPath = createRequire(libraryPath).resolve('@huggingface/jinja');
  const jinja: Jinja = await import(pathToFileURL(jinjaPath).href);
  const llama = await library.getLlama({
    gpu: gpuMode === 'off' ? false : 'auto',
    build: 'never',
    skipDownload: true,
    progressLogs: false,
    maxThreads: Number(maxThreads),
    logLevel: 'warn',
    logger: (_level, message) => log.add(message),
  });
  return { llama, jinja };
}

function serve(llama: Llama, jinja: Jinja): void {
  let model: ChildModel | undefined;
  /** One request at a time: there is one sequence. Cancelling works beside it. */
  let last: Promise<void> = Promise.resolve();
  const cancelled = new Set<number>();

  const handle = async (request: Exclude<ChildRequest, { type: 'cancel' }>): Promise<void> => {
    log.clear();
    try {
      if (request.type === 'load') {
        model = await ChildModel.load(llama, jinja, { ...request, maxThreads: Number(maxThreads) });
        send({ type: 'loaded', id: request.id, ...model.facts });
        return;
      }
      if (!model) throw new Error('generate before load');
      await model.generate(request, send, () => cancelled.has(request.id));
    } catch (error) {
      await sendFailure(request.id, error);
    } finally {
      cancelled.delete(request.id);
    }
  };

  process.on('message', (request: ChildRequest) => {
    if (request.type === 'cancel') cancelled.add(request.id);
    else last = last.then(async () => handle(request));
  });
}

function send(message: ChildMessage): void {
  process.send?.(message);
}

async function sendFailure(id: number | undefined, error: unknown): Promise<void> {
  // What llama.cpp logged about it arrives a moment after the failure.
  await sleep(LOG_DELAY_MS);
  const message = error instanceof Error ? error.message : String(error);
  const reason = error instanceof ChildFailure ? error.reason : { code: 'OTHER' as const, message };
  send({ type: 'failed', ...(id !== undefined && { id }), reason, log: log.lines() });
}
