import { LlcudaError } from '../errors/llcuda-error.ts';

/** `SOURCE_UNREADABLE` for any failure of the system to open or read a path; every other error comes back as it is. */
export function asReadError(error: unknown, path: string): unknown {
  if (!(error instanceof Error) || LlcudaError.is(error)) return error;
  if (!('code' in error) || !('syscall' in error)) return error;
  const reason = error.code === 'ENOENT' ? 'there is no such file' : String(error.code);
  return new LlcudaError('SOURCE_UNREADABLE', `Cannot read ${path}: ${reason}`, {
    detail: { source: path, reason },
    hint: 'Check the path and its permissions.',
    cause: error,
  });
}
