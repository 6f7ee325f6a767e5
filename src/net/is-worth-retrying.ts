import { LlcudaError } from '../errors/llcuda-error.ts';

/** Whether another try may mend a failed request: the connection broke, or the host is busy or unwell. */
export function isWorthRetrying(error: unknown): boolean {
  if (LlcudaError.is(error, 'DOWNLOAD_INTERRUPTED')) return true;
  if (!LlcudaError.is(error, 'DOWNLOAD_REFUSED')) return false;
  const { status } = error.detail;
  return status >= 500 || status === 429 || status === 408;
}
