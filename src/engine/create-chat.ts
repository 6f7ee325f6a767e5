import type { ChatMessage } from './chat-message.ts';
import type {
  InferenceEngine,
  InferenceResult,
  InferOptions,
  StreamPiece,
} from './inference-engine.ts';

/** A conversation with a loaded model. It keeps the history; the engine stays the caller's. */
export interface Chat {
  /** All messages so far, the system message first when there is one. */
  readonly messages: readonly ChatMessage[];
  /**
   * Says something and streams the answer. What came of an answer that was cut short by the signal or
   * by leaving the loop stays in the history; a turn that failed before any text leaves none.
   */
  stream(text: string, options?: TurnOptions): AsyncGenerator<StreamPiece, void, void>;
  /** Says something and waits for the answer. */
  send(text: string, options?: TurnOptions): Promise<InferenceResult>;
  /** Forgets all but the system message. */
  reset(): void;
  /** Sets the system message, or removes it with an empty text, and keeps the rest. */
  setSystem(text: string): void;
  /** Replaces the whole history. */
  load(messages: readonly ChatMessage[]): void;
}

export type TurnOptions = Omit<InferOptions, 'system' | 'raw'>;

export interface ChatOptions {
  readonly system?: string | undefined;
}

export function createChat(engine: InferenceEngine, options: ChatOptions = {}): Chat {
  let messages: readonly ChatMessage[] = [];

  const setSystem = (content: string): void => {
    const rest = messages.filter(({ role }) => role !== 'system');
    messages = content === '' ? rest : [{ role: 'system', content }, ...rest];
  };

  async function* stream(
    content: string,
    turn: TurnOptions = {},
  ): AsyncGenerator<StreamPiece, void, void> {
    const asked: readonly ChatMessage[] = [...messages, { role: 'user', content }];
    let answer = '';
    try {
      for await (const piece of engine.stream(asked, turn)) {
        answer += piece.text;
        yield piece;
      }
    } finally {
      if (answer !== '') messages = [...asked, { role: 'assistant', content: answer }];
    }
  }

  const send = async (content: string, turn: TurnOptions = {}): Promise<InferenceResult> => {
    for await (const { result } of stream(content, turn)) {
      if (result) return result;
    }
    throw new Error('The answer ended without a result');
  };

  if (options.system !== undefined) setSystem(options.system);
  return {
    get messages() {
      return messages;
    },
    stream,
    send,
    setSystem,
    reset: () => {
      messages = messages.filter(({ role }) => role === 'system');
    },
    load: (loaded) => {
      messages = [...loaded];
    },
  };
}
