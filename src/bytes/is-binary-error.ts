import { LlcudaError } from '../errors/llcuda-error.ts';

/** Whether the bytes are to blame, not the reading of them: one of the three `BINARY_` codes. */
export function isBinaryError(error: unknown): boolean {
  return (
    LlcudaError.is(error, 'BINARY_MALFORMED') ||
    LlcudaError.is(error, 'BINARY_UNSUPPORTED') ||
    LlcudaError.is(error, 'BINARY_TOO_LARGE')
  );
}
