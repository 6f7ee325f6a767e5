import type { ErrorDetails } from '../../errors/error-details.ts';
import { LlcudaError } from '../../errors/llcuda-error.ts';

/** An error of one program of the toolchain, with what to install. */
export function toolchainError(
  message: string,
  detail: ErrorDetails['TOOLCHAIN_UNUSABLE'],
  hint: string,
): LlcudaError {
  return new LlcudaError('TOOLCHAIN_UNUSABLE', message, { detail, hint });
}
