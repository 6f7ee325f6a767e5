/**
 * The part of node-llama-cpp 3.21 and 3.22 that the child process calls. The package itself lies in
 * the store, not among the dependencies of llcuda, so its types are stated here.
 */
export interface NodeLlamaCpp {
  getLlama(options: {
    gpu: 'auto' | false;
    build: 'never';
    skipDownload: true;
    progressLogs: false;
    maxThreads: number;
    logLevel: string;
    logger(level: string, message: string): void;
  }): Promise<Llama>;
}

export interface Llama {
  readonly gpu: string | false;
  /** Physical cores that are good for arithmetic. */
  readonly cpuMathCores: number;
  readonly llamaCppRelease: { readonly release: string };
  loadModel(options: { modelPath: string }): Promise<LlamaModel>;
}

export type Token = number & { readonly __token: never };

export interface LlamaModel {
  readonly trainContextSize: number;
  readonly fileInfo: {
    readonly metadata: { readonly tokenizer?: { readonly chat_template?: string } };
  };
  readonly tokens: {
    readonly bos: Token | null;
    readonly bosString: string | null;
    readonly eosString: string | null;
    readonly shouldPrependBosToken: boolean;
  };
  createContext(options: {
    contextSize: number;
    threads: number;
    sequences: number;
  }): Promise<LlamaContext>;
  tokenize(text: string, specialTokens: boolean): Token[];
  detokenize(
    tokens: readonly Token[],
    specialTokens: boolean,
    lastTokens: readonly Token[],
  ): string;
}

export interface LlamaContext {
  readonly contextSize: number;
  getSequence(): LlamaContextSequence;
}

export interface LlamaContextSequence {
  readonly nextTokenIndex: number;
  adaptStateToTokens(tokens: Token[], allowShift: boolean): Promise<void>;
  eraseContextTokenRanges(ranges: { start: number; end: number }[]): Promise<void>;
  evaluate(
    tokens: Token[],
    options: {
      temperature: number;
      topP: number;
      topK: number;
      minP: number;
      seed: number;
    },
  ): AsyncGenerator<Token, void, void>;
}

/** @huggingface/jinja, a dependency of node-llama-cpp: an interpreter without access to anything else. */
export interface Jinja {
  readonly Template: new (source: string) => { render(values: object): string };
}
