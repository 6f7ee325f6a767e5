import { LlcudaError } from '../errors/llcuda-error.ts';

/** `BINARY_UNSUPPORTED`: the bytes may be fine, but this part of the format is not read. */
export function unsupportedError(
  format: string,
  reason: string,
): LlcudaError<'BINARY_UNSUPPORTED'> {
  return new LlcudaError('BINARY_UNSUPPORTED', `Cannot read ${format}: ${reason}`, {
    detail: { format, reason },
  });
}
