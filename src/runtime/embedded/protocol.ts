import * as v from 'valibot';

/** How tokens are chosen; the names are those of the engine's options. */
export interface WireSampling {
  readonly temperature: number;
  readonly topP: number;
  readonly topK: number;
  readonly minP: number;
  readonly seed: number;
}

export interface WireMessage {
  readonly role: string;
  readonly content: string;
}

/** What the parent asks of the child process of the embedded runtime. */
export type ChildRequest =
  | {
      readonly type: 'load';
      readonly id: number;
      readonly modelPath: string;
      /** Wanted size of the context; the model's own limit cuts it. */
      readonly contextTokens: number;
    }
  | {
      readonly type: 'generate';
      readonly id: number;
      /** Plain text to complete, or messages for the model's chat template. */
      readonly input: { readonly text: string } | { readonly messages: readonly WireMessage[] };
      readonly sampling: WireSampling;
      readonly maxTokens: number | undefined;
      readonly stop: readonly string[];
    }
  | { readonly type: 'cancel'; readonly id: number };

/** The runtime is loaded and waits for requests. */
export interface ReadyMessage {
  readonly type: 'ready';
  /** llama.cpp release, such as `v0.5.0`. */
  readonly llamaCpp: string;
  /** Where it computes: `CPU`, or the name of a GPU backend. */
  readonly device: string;
}

export interface FailedMessage {
  readonly type: 'failed';
  /** Absent when the runtime itself could not be loaded. */
  readonly id?: number | undefined;
  readonly reason:
    | {
        readonly code: 'PROMPT_TOO_LONG';
        readonly promptTokens: number;
        readonly contextTokens: number;
      }
    | { readonly code: 'CHAT_TEMPLATE_MISSING' | 'PROMPT_EMPTY' }
    | { readonly code: 'CHAT_TEMPLATE_FAILED' | 'OTHER'; readonly message: string };
  /** Last lines that llama.cpp logged as warnings or errors. */
  readonly log: readonly string[];
}

/** What the child answers. */
export type ChildMessage =
  | ReadyMessage
  | FailedMessage
  | {
      readonly type: 'loaded';
      readonly id: number;
      readonly contextTokens: number;
      readonly threads: number;
      readonly hasChatTemplate: boolean;
    }
  | {
      readonly type: 'started';
      readonly id: number;
      readonly promptTokens: number;
      /** Prompt tokens that were in the context already. */
      readonly cachedTokens: number;
    }
  | { readonly type: 'token'; readonly id: number; readonly text: string }
  | {
      readonly type: 'finished';
      readonly id: number;
      readonly finishReason: 'stop' | 'length';
      /** The stop text that ended the answer, when one did. */
      readonly stopText?: string | undefined;
      readonly generatedTokens: number;
    };

const id = v.number();

export const childMessageSchema: v.GenericSchema<unknown, ChildMessage> = v.variant('type', [
  v.object({ type: v.literal('ready'), llamaCpp: v.string(), device: v.string() }),
  v.object({
    type: v.literal('loaded'),
    id,
    contextTokens: v.number(),
    threads: v.number(),
    hasChatTemplate: v.boolean(),
  }),
  v.object({ type: v.literal('started'), id, promptTokens: v.number(), cachedTokens: v.number() }),
  v.object({ type: v.literal('token'), id, text: v.string() }),
  v.object({
    type: v.literal('finished'),
    id,
    finishReason: v.picklist(['stop', 'length']),
    stopText: v.optional(v.string()),
    generatedTokens: v.number(),
  }),
  v.object({
    type: v.literal('failed'),
    id: v.optional(id),
    reason: v.variant('code', [
      v.object({
        code: v.literal('PROMPT_TOO_LONG'),
        promptTokens: v.number(),
        contextTokens: v.number(),
      }),
      v.object({ code: v.picklist(['CHAT_TEMPLATE_MISSING', 'PROMPT_EMPTY']) }),
      v.object({ code: v.picklist(['CHAT_TEMPLATE_FAILED', 'OTHER']), message: v.string() }),
    ]),
    log: v.array(v.string()),
  }),
]);
