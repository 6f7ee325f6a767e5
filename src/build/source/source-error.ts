import { LlcudaError } from '../../errors/llcuda-error.ts';

/** `BUILD_SOURCE_INVALID`: what was named cannot be built. */
export function sourceError(
  source: string,
  reason: string,
  options: { readonly hint?: string; readonly cause?: unknown } = {},
): LlcudaError {
  return new LlcudaError('BUILD_SOURCE_INVALID', `Cannot build ${source}: ${reason}`, {
    detail: { source, reason },
    hint: options.hint ?? 'Name a folder or a tar archive of llama.cpp, or leave --source out.',
    cause: options.cause,
  });
}
