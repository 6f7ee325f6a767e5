import { LlcudaError } from '../errors/llcuda-error.ts';

/** `BINARY_MALFORMED`: `field` as `format.field`, `offset` in the bytes or source that was read. */
export function malformedError(detail: {
  readonly field: string;
  readonly offset: number;
  readonly reason: string;
}): LlcudaError<'BINARY_MALFORMED'> {
  const { field, offset, reason } = detail;
  return new LlcudaError('BINARY_MALFORMED', `Malformed ${field} at byte ${offset}: ${reason}`, {
    detail: { field, offset, reason },
  });
}
