import { LlcudaError } from '../errors/llcuda-error.ts';
import { chooseDefaultModel } from '../model/choose-default-model.ts';
import {
  resolveModelServices,
  type ModelServiceOptions,
  type ModelServices,
} from '../model/model-services.ts';
import type { Host } from '../host/host.ts';
import { pullModel, type PulledModel } from '../model/pull-model.ts';
import { findNvidiaGpus } from '../probe/find-nvidia-gpus.ts';
import { chooseRuntime, type ChosenRuntime, type GpuMode } from '../runtime/choose-runtime.ts';
import { choosePlatformPackage } from '../runtime/embedded/platform-packages.ts';
import { listRuntimes } from '../runtime/server/list-runtimes.ts';
import type { ChatMessage } from './chat-message.ts';
import { startEmbeddedBackend } from './embedded-backend.ts';
import type { EngineBackend, GenerateRequest } from './engine-backend.ts';
import { MetricsRecorder, tokensPerSecond, type EngineMetrics } from './engine-metrics.ts';
import { resolveSampling, type SamplingOptions } from './sampling-options.ts';

export interface EngineOptions extends ModelServiceOptions {
  /** @defaultValue 'auto': an NVIDIA GPU where there is one, never the processor beside it */
  readonly gpu?: GpuMode | undefined;
  /** Size of the context in tokens, prompt and answer together; the model's limit cuts it. @defaultValue 4096 */
  readonly contextTokens?: number | undefined;
  /** Most threads on the processor. @defaultValue all usable physical cores */
  readonly threads?: number | undefined;
}

export interface InferOptions extends SamplingOptions {
  /** System message, put first. @defaultValue the registry's for this model, else none */
  readonly system?: string | undefined;
  /** Most tokens of the answer. @defaultValue up to the end of the context */
  readonly maxTokens?: number | undefined;
  /** Texts that end the answer; they are not part of it. */
  readonly stop?: readonly string[] | undefined;
  /** Completes the prompt as plain text, without the chat template. @defaultValue false */
  readonly raw?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface InferenceResult {
  readonly text: string;
  /** `stop`: the model ended its turn, or a stop text came. `length`: the limit was reached. */
  readonly finishReason: 'stop' | 'length';
  /** The stop text that ended the answer, when one did. */
  readonly stopText: string | undefined;
  readonly promptTokens: number;
  /** Those prompt tokens that were still in the context from the request before. */
  readonly cachedTokens: number;
  readonly generatedTokens: number;
  /** From the call to the first piece of text. */
  readonly timeToFirstTokenMs: number;
  /** Generated tokens by the time from the first to the last one. */
  readonly tokensPerSecond: number;
  /** From the call to the end of the answer. */
  readonly totalMs: number;
}

/** A piece of an answer. The last one has no text but the result. */
export interface StreamPiece {
  readonly text: string;
  readonly result?: InferenceResult;
}

/** What a prompt may be: text, or the messages of a conversation, the last one the user's. */
export type Prompt = string | readonly ChatMessage[];

const DEFAULT_CONTEXT_TOKENS = 4096;

/**
 * A loaded model that answers. It runs in a process of its own, which ends with `dispose()`
 * (`await using` calls it) or with this process. One request is worked on at a time; others wait.
 */
export class InferenceEngine implements AsyncDisposable {
  /** Registry name or file name of the model. */
  readonly model: string;
  readonly #backend: EngineBackend;
  readonly #pulled: PulledModel;
  #metrics: MetricsRecorder = new MetricsRecorder();

  private constructor(backend: EngineBackend, pulled: PulledModel) {
    this.#backend = backend;
    this.#pulled = pulled;
    this.model = pulled.name;
  }

  /**
   * Fetches what is missing (the model, the runtime), starts the runtime and loads the model. Without
   * a reference it takes the default model of this host. Throws what `pullModel` and the runtime
   * throw: `GPU_RUNTIME_MISSING`, `RUNTIME_*`, `MODEL_*`, `DOWNLOAD_*`, `DISK_FULL` and others.
   */
  static async load(
    reference: string = chooseDefaultModel(),
    options: EngineOptions = {},
  ): Promise<InferenceEngine> {
    options.signal?.throwIfAborted();
    const contextTokens = requireCount(
      'contextTokens',
      options.contextTokens ?? DEFAULT_CONTEXT_TOKENS,
    );
    const threads =
      options.threads === undefined ? undefined : requireCount('threads', options.threads);
    const services = resolveModelServices(options);
    // First of all: no download for a machine that could not run the model as asked.
    const { gpu } = await findRuntime(options.gpu ?? 'auto', services);
    const pulled = await pullModel(reference, services);
    requireGenerating(pulled);
    services.onProgress({ type: 'step', message: `Loading ${pulled.name}` });
    const backend = await startEmbeddedBackend({
      ...services,
      modelPath: pulled.path,
      modelName: pulled.name,
      gpu,
      contextTokens,
      threads,
    });
    return new InferenceEngine(backend, pulled);
  }

  /** Such as `llama.cpp v0.5.0 (embedded)`. */
  get runtime(): string {
    return this.#backend.runtime;
  }

  /** Where the layers are: `CPU`, or the name of a GPU. */
  get device(): string {
    return this.#backend.device;
  }

  get contextTokens(): number {
    return this.#backend.contextTokens;
  }

  /** Answers a prompt. Throws `PROMPT_EMPTY`, `PROMPT_TOO_LONG`, `CHAT_TEMPLATE_*`, `RUNTIME_CRASHED`. */
  async infer(prompt: Prompt, options: InferOptions = {}): Promise<InferenceResult> {
    for await (const piece of this.stream(prompt, options)) {
      if (piece.result) return piece.result;
    }
    throw new Error('The answer ended without a result');
  }

  /** Answers a prompt piece by piece. Leaving the loop ends the generation. Throws what `infer` throws. */
  async *stream(
    prompt: Prompt,
    options: InferOptions = {},
  ): AsyncGenerator<StreamPiece, void, void> {
    const startedAt = performance.now();
    let isAnswered = false;
    try {
      const request = this.#createRequest(prompt, options);
      let text = '';
      let firstAt: number | undefined;
      let prompted = { promptTokens: 0, cachedTokens: 0 };
      for await (const event of this.#backend.generate(request, options.signal)) {
        if (event.type === 'started') prompted = event;
        if (event.type === 'text') {
          firstAt ??= performance.now();
          text += event.text;
          yield { text: event.text };
        }
        if (event.type !== 'finished') continue;
        const now = performance.now();
        const timeToFirstTokenMs = (firstAt ?? now) - startedAt;
        const totalMs = now - startedAt;
        const { promptTokens, cachedTokens } = prompted;
        const { finishReason, stopText, generatedTokens } = event;
        const figures = { promptTokens, generatedTokens, timeToFirstTokenMs, totalMs };
        const speed = tokensPerSecond(
          Math.max(0, generatedTokens - 1),
          totalMs - timeToFirstTokenMs,
        );
        this.#metrics.addAnswer(figures);
        isAnswered = true;
        yield {
          text: '',
          result: {
            text,
            finishReason,
            stopText,
            cachedTokens,
            ...figures,
            tokensPerSecond: speed,
          },
        };
      }
    } finally {
      if (!isAnswered) this.#metrics.addFailure();
    }
  }

  /** Counts and times since the model was loaded, or since `resetMetrics()`. */
  metrics(): EngineMetrics {
    return this.#metrics.snapshot();
  }

  resetMetrics(): void {
    this.#metrics = new MetricsRecorder();
  }

  /** Ends the process that runs the model. Idempotent. Requests under way fail. */
  async dispose(): Promise<void> {
    await this.#backend[Symbol.asyncDispose]();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.dispose();
  }

  #createRequest(prompt: Prompt, options: InferOptions): GenerateRequest {
    return {
      input: createInput(prompt, options, this.#pulled.entry?.system),
      sampling: resolveSampling(options, this.#pulled.entry?.sampling),
      maxTokens:
        options.maxTokens === undefined ? undefined : requireCount('maxTokens', options.maxTokens),
      stop: options.stop ?? [],
    };
  }
}

async function findRuntime(mode: GpuMode, { host, signal }: ModelServices): Promise<ChosenRuntime> {
  const gpus = await findNvidiaGpus(host, { signal });
  const hasMetal = host.platform === 'darwin' && host.arch === 'arm64';
  const servers = gpus.names.length > 0 ? await listServerNames(host) : [];
  const runtime = chooseRuntime({ mode, gpus, hasMetal, servers });
  await choosePlatformPackage(host);
  return runtime;
}

async function listServerNames(host: Host): Promise<readonly string[]> {
  const runtimes = await listRuntimes({ host });
  return runtimes.flatMap(({ kind, name }) => (kind === 'server' ? [name] : []));
}

/** A model that gives vectors or scores would answer with noise. */
function requireGenerating({ name, entry }: PulledModel): void {
  if (entry === undefined || entry.task === 'chat' || entry.task === 'completion') return;
  throw new LlcudaError(
    'MODEL_TASK_MISMATCH',
    `${name} is a model for ${entry.task}, not for text`,
    {
      detail: { model: name, task: entry.task },
      hint: 'Run `llcuda models` and take one whose task is chat or completion.',
    },
  );
}

function createInput(
  prompt: Prompt,
  { raw, system }: InferOptions,
  recommendedSystem: string | undefined,
): GenerateRequest['input'] {
  const last = typeof prompt === 'string' ? prompt : prompt.at(-1)?.content;
  const isEmpty = last === undefined || last.trim() === '';
  if (isEmpty) {
    throw new LlcudaError('PROMPT_EMPTY', 'The prompt is empty', {
      detail: {},
      hint: 'Give the prompt as an argument or pipe it in.',
    });
  }
  if (raw === true) {
    if (typeof prompt !== 'string') throw new TypeError('A raw prompt must be text, not messages');
    if (system !== undefined) throw new TypeError('A raw prompt takes no system message');
    return { text: prompt };
  }
  const messages: readonly ChatMessage[] =
    typeof prompt === 'string' ? [{ role: 'user', content: prompt }] : prompt;
  const hasSystem = messages.some(({ role }) => role === 'system');
  const content = system ?? (hasSystem ? undefined : recommendedSystem);
  return content === undefined
    ? { messages }
    : { messages: [{ role: 'system', content }, ...messages] };
}

function requireCount(name: string, value: number): number {
  if (Number.isSafeInteger(value) && value >= 1) return value;
  throw new RangeError(`${name} must be a whole number from 1, not ${value}`);
}
