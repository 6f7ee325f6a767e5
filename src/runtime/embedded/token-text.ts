const REPLACEMENT = '\ufffd';
/** A character is at most four bytes long, so at most four byte tokens. */
const MAX_HELD_TOKENS = 4;

/**
 * Turns tokens into text as they come. A character whose bytes are spread over several tokens is held
 * back until it is whole.
 */
export class TokenText<Token> {
  readonly #detokenize: (tokens: readonly Token[], previous: readonly Token[]) => string;
  #previous: readonly Token[] = [];
  #held: Token[] = [];

  constructor(detokenize: (tokens: readonly Token[], previous: readonly Token[]) => string) {
    this.#detokenize = detokenize;
  }

  /** Text that became certain with this token; empty while a character is not whole. */
  push(token: Token): string {
    this.#held.push(token);
    const text = this.#detokenize(this.#held, this.#previous);
    if (text.endsWith(REPLACEMENT) && this.#held.length < MAX_HELD_TOKENS) return '';
    this.#release();
    return text;
  }

  /** Text of what is still held: a character that stays broken. */
  flush(): string {
    if (this.#held.length === 0) return '';
    const text = this.#detokenize(this.#held, this.#previous);
    this.#release();
    return text;
  }

  /** The detokenizer looks at a few tokens before, for the space that some vocabularies imply. */
  #release(): void {
    this.#previous = [...this.#previous, ...this.#held].slice(-3);
    this.#held = [];
  }
}
