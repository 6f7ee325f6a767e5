import { isBinaryError } from '../bytes/is-binary-error.ts';
import { LlcudaError } from '../errors/llcuda-error.ts';

/** Adds the path to an error of the readers, which see bytes only; every other error comes back as it is. */
export function nameBinaryError(path: string, error: unknown): unknown {
  if (!isBinaryError(error) || !LlcudaError.is(error)) return error;
  const { code, message, detail, hint } = error;
  return new LlcudaError(code, `${path}: ${message}`, { detail, hint, cause: error });
}
