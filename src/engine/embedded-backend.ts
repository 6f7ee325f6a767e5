import { LlcudaError } from '../errors/llcuda-error.ts';
import type { ProgressSink } from '../events/progress-event.ts';
import type { Host } from '../host/host.ts';
import { countUsableCores } from '../probe/count-usable-cores.ts';
import { ensureEmbeddedRuntime } from '../runtime/embedded/ensure-embedded-runtime.ts';
import type { ChildMessage, FailedMessage } from '../runtime/embedded/protocol.ts';
import {
  startEmbeddedProcess,
  type EmbeddedProcess,
} from '../runtime/embedded/start-embedded-process.ts';
import type { EngineBackend, GenerateEvent, GenerateRequest } from './engine-backend.ts';

export interface EmbeddedBackendOptions {
  readonly host: Host;
  readonly onProgress: ProgressSink;
  readonly modelPath: string;
  readonly modelName: string;
  /** Whether a GPU that the embedded runtime was built for may be used. */
  readonly gpu: 'auto' | 'off';
  readonly contextTokens: number;
  /** Upper limit; the number of usable physical cores is another. */
  readonly threads: number | undefined;
  readonly signal: AbortSignal | undefined;
}

/**
 * Starts the embedded runtime in a child process and loads a model there, on the processor (on a Mac
 * with Apple silicon: Metal).
 */
export async function startEmbeddedBackend(
  options: EmbeddedBackendOptions,
): Promise<EngineBackend> {
  const { host, signal, onProgress } = options;
  const runtime = await ensureEmbeddedRuntime({ host, signal, onProgress });
  const cores = await countUsableCores(host);
  const process = await startEmbeddedProcess({
    runtimeDirectory: runtime.directory,
    gpu: options.gpu,
    maxThreads: Math.min(options.threads ?? cores, cores),
    signal,
  });
  try {
    const loaded = await load(process, options);
    return {
      runtime: `llama.cpp ${process.ready.llamaCpp} (embedded)`,
      device: process.ready.device,
      contextTokens: loaded.contextTokens,
      exited: process.exited,
      generate: (request, requestSignal) => generate(process, options, request, requestSignal),
      [Symbol.asyncDispose]: async () => process.stop(),
    };
  } catch (error) {
    await process.stop();
    throw error;
  }
}

async function load(
  process: EmbeddedProcess,
  options: EmbeddedBackendOptions,
): Promise<Extract<ChildMessage, { type: 'loaded' }>> {
  const { modelPath, contextTokens } = options;
  // The signal kills the process: loading cannot be interrupted otherwise.
  const onAbort = (): void => void process.stop();
  options.signal?.addEventListener('abort', onAbort, { once: true });
  try {
    for await (const message of process.request({ type: 'load', modelPath, contextTokens })) {
      if (message.type === 'loaded') return message;
      if (message.type === 'failed') throw asLoadError(message, modelPath);
    }
    throw new Error('The child process ended the load without an answer');
  } catch (error) {
    options.signal?.throwIfAborted();
    throw error;
  } finally {
    options.signal?.removeEventListener('abort', onAbort);
  }
}

async function* generate(
  process: EmbeddedProcess,
  { modelName }: EmbeddedBackendOptions,
  request: GenerateRequest,
  signal: AbortSignal | undefined,
): AsyncGenerator<GenerateEvent, void, void> {
  for await (const message of process.request({ type: 'generate', ...request }, signal)) {
    switch (message.type) {
      case 'started':
        yield message;
        break;
      case 'finished':
        yield { ...message, stopText: message.stopText };
        break;
      case 'token':
        yield { type: 'text', text: message.text };
        break;
      case 'failed':
        throw asGenerateError(message, modelName);
      case 'ready':
      case 'loaded':
        break;
      default:
        message satisfies never;
    }
  }
}

/** What llama.cpp says of a file whose tensors lie behind its end, and of a header that it cannot read. */
const DAMAGED = /corrupted or incomplete|llama_model_loader: failed to load model/;

function asLoadError({ reason, log }: FailedMessage, path: string): LlcudaError {
  const text = 'message' in reason ? reason.message : reason.code;
  const why = log.find((line) => line.includes('error loading model')) ?? text;
  if (DAMAGED.test(why)) {
    const message = `Not a usable GGUF file: ${path} (it is damaged or cut off)`;
    return new LlcudaError('MODEL_FILE_INVALID', message, {
      detail: { path, reason: why },
      hint: 'Download it again; `llcuda pull` checks what it fetches.',
    });
  }
  return new LlcudaError('MODEL_LOAD_FAILED', `Cannot load ${path}: ${why}`, {
    detail: { path, reason: why, log },
    hint: 'Check that the file is complete; `llcuda pull` fetches models that are checked.',
  });
}

function asGenerateError({ reason, log }: FailedMessage, model: string): LlcudaError {
  switch (reason.code) {
    case 'PROMPT_TOO_LONG': {
      const { promptTokens, contextTokens } = reason;
      return new LlcudaError(
        'PROMPT_TOO_LONG',
        `The prompt has ${promptTokens} tokens; the context holds ${contextTokens}, answer included`,
        {
          detail: { promptTokens, contextTokens },
          hint: 'Shorten the prompt, or raise --context (library: contextTokens).',
        },
      );
    }
    case 'PROMPT_EMPTY':
      return new LlcudaError('PROMPT_EMPTY', 'The prompt is empty', {
        detail: {},
        hint: 'Give the prompt as an argument or pipe it in.',
      });
    case 'CHAT_TEMPLATE_MISSING':
      return new LlcudaError('CHAT_TEMPLATE_MISSING', `${model} has no chat template`, {
        detail: { model },
        hint: 'Add --raw (library: raw: true) for plain completion, or use an instruct model.',
      });
    case 'CHAT_TEMPLATE_FAILED':
      return new LlcudaError(
        'CHAT_TEMPLATE_FAILED',
        `The chat template of ${model} refused the messages: ${reason.message}`,
        {
          detail: { model, reason: reason.message },
          hint: 'Leave out the system message, or let user and assistant alternate.',
        },
      );
    case 'OTHER':
      return new LlcudaError('INTERNAL', `The embedded runtime failed: ${reason.message}`, {
        detail: { reason: [reason.message, ...log].join('\n') },
        hint: 'Run again with --verbose and report what it prints.',
      });
    default:
      return reason satisfies never;
  }
}
