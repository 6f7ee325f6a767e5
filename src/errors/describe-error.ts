import type { ErrorCode } from './error-details.ts';
import { LlcudaError } from './llcuda-error.ts';

/** An error as `--json` prints it. */
export interface ErrorDescription {
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint: string | undefined;
  readonly detail: unknown;
}

/** Turns anything thrown into the four facts that people and scripts get. Never throws. */
export function describeError(error: unknown): ErrorDescription {
  if (LlcudaError.is(error)) {
    return { code: error.code, message: error.message, hint: error.hint, detail: error.detail };
  }
  if (isAbort(error)) {
    return { code: 'INTERRUPTED', message: 'Interrupted.', hint: undefined, detail: {} };
  }
  const reason = error instanceof Error ? error.message : String(error);
  return {
    code: 'INTERNAL',
    message: `Unexpected failure: ${reason}`,
    hint: 'Run again with --verbose and report what it prints.',
    detail: { reason },
  };
}

function isAbort(error: unknown): boolean {
  return error instanceof Error && (error.name === 'AbortError' || error.name === 'TimeoutError');
}
