import { LlcudaError } from '../errors/llcuda-error.ts';

/** Throws `BINARY_TOO_LARGE` before anything of that size or count is allocated. */
export function checkLimit(field: string, found: number, limit: number): void {
  if (found <= limit) return;
  throw new LlcudaError('BINARY_TOO_LARGE', `${field} is ${found}, more than the limit ${limit}`, {
    detail: { field, found, limit },
  });
}
