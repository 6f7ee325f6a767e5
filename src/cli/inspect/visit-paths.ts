import { LlcudaError } from '../../errors/llcuda-error.ts';
import { nameBinaryError } from '../../extract/name-binary-error.ts';

/**
 * Visits each path in turn. Of several, one that cannot be examined leaves the others: `onError` gets what happened.
 * Of one alone the error is thrown, and so are wrong usage, interruption and bugs.
 */
export async function visitPaths(
  paths: readonly string[],
  visit: (path: string) => Promise<void>,
  onError: (path: string, error: unknown) => void,
): Promise<void> {
  for (const path of paths) {
    try {
      await visit(path);
    } catch (error) {
      const isOfPath = LlcudaError.is(error) && error.code !== 'USAGE_INVALID';
      if (paths.length === 1 || !isOfPath) throw nameBinaryError(path, error);
      onError(path, error);
    }
  }
}
