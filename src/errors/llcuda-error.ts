import type { ErrorCode, ErrorDetails } from './error-details.ts';

export interface LlcudaErrorOptions<Code extends ErrorCode> {
  /** Plain JSON; `--json` prints it unchanged. */
  readonly detail: ErrorDetails[Code];
  /** One imperative sentence that tells the user what to do next. */
  readonly hint?: string | undefined;
  readonly cause?: unknown;
}

/** Every failure that a caller of llcuda can meet: a stable code, its facts, and the next step. */
export class LlcudaError<Code extends ErrorCode = ErrorCode> extends Error {
  override readonly name = 'LlcudaError';
  readonly code: Code;
  readonly detail: ErrorDetails[Code];
  readonly hint: string | undefined;

  constructor(code: Code, message: string, options: LlcudaErrorOptions<Code>) {
    super(message, { cause: options.cause });
    this.code = code;
    this.detail = options.detail;
    this.hint = options.hint;
  }

  /** Narrows to one code. Also true for a second copy of this package, unlike `instanceof`. */
  static is<Code extends ErrorCode>(error: unknown, code?: Code): error is LlcudaError<Code> {
    if (!(error instanceof Error) || error.name !== 'LlcudaError') return false;
    return code === undefined || ('code' in error && error.code === code);
  }
}
