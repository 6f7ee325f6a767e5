import { ChildFailure } from './child-failure.ts';
import type { Jinja, Llama, LlamaContextSequence, LlamaModel, Token } from './node-llama-cpp.ts';
import type { ChildMessage, ChildRequest } from './protocol.ts';
import { renderChatTemplate } from './render-chat-template.ts';
import { StopScanner } from './stop-scanner.ts';
import { TokenText } from './token-text.ts';

type LoadRequest = Extract<ChildRequest, { type: 'load' }> & { readonly maxThreads: number };
type GenerateRequest = Extract<ChildRequest, { type: 'generate' }>;

/** A loaded model with one context of one sequence, inside the child process. */
export class ChildModel {
  readonly facts: { contextTokens: number; threads: number; hasChatTemplate: boolean };
  readonly #jinja: Jinja;
  readonly #model: LlamaModel;
  readonly #sequence: LlamaContextSequence;

  private constructor(
    jinja: Jinja,
    model: LlamaModel,
    sequence: LlamaContextSequence,
    facts: ChildModel['facts'],
  ) {
    this.#jinja = jinja;
    this.#model = model;
    this.#sequence = sequence;
    this.facts = facts;
  }

  static async load(llama: Llama, jinja: Jinja, request: LoadRequest): Promise<ChildModel> {
    const model = await llama.loadModel({ modelPath: request.modelPath });
    // Hyper-threads of one core only get in each other's way: no more threads than physical cores.
    const threads = Math.max(1, Math.min(llama.cpuMathCores, request.maxThreads));
    const context = await model.createContext({
      contextSize: Math.min(request.contextTokens, model.trainContextSize),
      threads,
      sequences: 1,
    });
    const facts = {
      contextTokens: context.contextSize,
      threads,
      hasChatTemplate: chatTemplateOf(model) !== undefined,
    };
    return new ChildModel(jinja, model, context.getSequence(), facts);
  }

  async generate(
    request: GenerateRequest,
    send: (message: ChildMessage) => void,
    isCancelled: () => boolean,
  ): Promise<void> {
    const { id } = request;
    const prompt = this.#tokenize(request);
    const { contextTokens } = this.facts;
    const room = contextTokens - prompt.length;
    if (prompt.length === 0) throw new ChildFailure({ code: 'PROMPT_EMPTY' });
    if (room < 1) {
      throw new ChildFailure({
        code: 'PROMPT_TOO_LONG',
        promptTokens: prompt.length,
        contextTokens,
      });
    }
    if (isCancelled()) return;
    const fresh = await this.#reuseCommonStart(prompt);
    send({
      type: 'started',
      id,
      promptTokens: prompt.length,
      cachedTokens: prompt.length - fresh.length,
    });
    const limit = Math.min(request.maxTokens ?? Infinity, room);
    const end = await this.#run(request, fresh, limit, send, isCancelled);
    if (!isCancelled()) send({ type: 'finished', id, ...end });
  }

  async #run(
    request: GenerateRequest,
    tokens: Token[],
    limit: number,
    send: (message: ChildMessage) => void,
    isCancelled: () => boolean,
  ): Promise<{ finishReason: 'stop' | 'length'; stopText?: string; generatedTokens: number }> {
    const scanner = new StopScanner(request.stop);
    const decoder = new TokenText<Token>((held, previous) =>
      this.#model.detokenize(held, false, previous),
    );
    const sendText = (text: string): void => {
      if (text !== '') send({ type: 'token', id: request.id, text });
    };
    let generatedTokens = 0;
    // The generator ends by itself at a token that ends the model's turn.
    for await (const token of this.#sequence.evaluate(tokens, request.sampling)) {
      if (isCancelled()) return { finishReason: 'length', generatedTokens };
      generatedTokens += 1;
      const { text, stop } = scanner.push(decoder.push(token));
      sendText(text);
      if (stop !== undefined) return { finishReason: 'stop', stopText: stop, generatedTokens };
      if (generatedTokens >= limit) {
        sendText(scanner.push(decoder.flush()).text + scanner.flush());
        return { finishReason: 'length', generatedTokens };
      }
    }
    sendText(scanner.push(decoder.flush()).text + scanner.flush());
    return { finishReason: 'stop', generatedTokens };
  }

  #tokenize(request: GenerateRequest): Token[] {
    const { input } = request;
    const text = 'text' in input ? input.text : this.#render(input.messages);
    const tokens = this.#model.tokenize(text, true);
    const { bos, shouldPrependBosToken } = this.#model.tokens;
    return shouldPrependBosToken && bos !== null && tokens[0] !== bos ? [bos, ...tokens] : tokens;
  }

  #render(messages: readonly { role: string; content: string }[]): string {
    const template = chatTemplateOf(this.#model);
    if (template === undefined) throw new ChildFailure({ code: 'CHAT_TEMPLATE_MISSING' });
    const { bosString, eosString } = this.#model.tokens;
    return renderChatTemplate(this.#jinja, template, {
      messages,
      bosToken: bosString ?? '',
      eosToken: eosString ?? '',
    });
  }

  /** Keeps what the context shares with the prompt and gives the rest, at least one token. */
  async #reuseCommonStart(prompt: Token[]): Promise<Token[]> {
    await this.#sequence.adaptStateToTokens(prompt.slice(0, -1), false);
    return prompt.slice(this.#sequence.nextTokenIndex);
  }
}

function chatTemplateOf(model: LlamaModel): string | undefined {
  return model.fileInfo.metadata.tokenizer?.chat_template;
}
