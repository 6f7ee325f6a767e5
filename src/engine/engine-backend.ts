import type { ChatMessage } from './chat-message.ts';

/** How tokens are chosen, nothing left open. Zero temperature takes the likeliest one. */
export interface Sampling {
  readonly temperature: number;
  readonly topP: number;
  readonly topK: number;
  readonly minP: number;
  readonly seed: number;
}

/** One request as a backend gets it: nothing optional is left open but the length. */
export interface GenerateRequest {
  /** Plain text to complete, or messages for the model's own chat template. */
  readonly input: { readonly text: string } | { readonly messages: readonly ChatMessage[] };
  readonly sampling: Sampling;
  /** Most tokens of the answer; without it, up to the end of the context. */
  readonly maxTokens: number | undefined;
  readonly stop: readonly string[];
}

export type GenerateEvent =
  | {
      readonly type: 'started';
      readonly promptTokens: number;
      /** Those of the prompt that were still in the context from the request before. */
      readonly cachedTokens: number;
    }
  | { readonly type: 'text'; readonly text: string }
  | {
      readonly type: 'finished';
      readonly finishReason: 'stop' | 'length';
      readonly stopText: string | undefined;
      readonly generatedTokens: number;
    };

/** What runs a model for an engine: a process of its own, which the backend starts and ends. */
export interface EngineBackend extends AsyncDisposable {
  /** Such as `llama.cpp v0.5.0 (embedded)`. */
  readonly runtime: string;
  /** Where the layers are: `CPU`, or the name of a GPU. */
  readonly device: string;
  readonly contextTokens: number;
  /** Resolves when the process behind it has ended, however it ended. Never rejects. */
  readonly exited: Promise<void>;
  /** Leaving the loop, or the signal, ends the generation. */
  generate(
    request: GenerateRequest,
    signal: AbortSignal | undefined,
  ): AsyncGenerator<GenerateEvent, void, void>;
}
