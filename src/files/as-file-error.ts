import { LlcudaError } from '../errors/llcuda-error.ts';

// ENOENT: what a recursive mkdir of Node gives on a file system that is read-only, and below /proc.
const NOT_WRITABLE = new Set([
  'EACCES',
  'EPERM',
  'EROFS',
  'ENOENT',
  'ENOTDIR',
  'EISDIR',
  'EEXIST',
  'ELOOP',
  'ENAMETOOLONG',
]);
const FULL = new Set(['ENOSPC', 'EDQUOT']);

/** Names the failures of writing that a user can mend; every other error comes back as it is. */
export function asFileError(error: unknown, path: string): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (FULL.has(code)) {
    return new LlcudaError('DISK_FULL', `The disk is full: ${path}`, {
      detail: { path },
      hint: 'Free some space, or set LLCUDA_HOME to a folder on another disk.',
      cause: error,
    });
  }
  if (NOT_WRITABLE.has(code)) {
    return new LlcudaError('STORE_NOT_WRITABLE', `Cannot write ${path} (${code})`, {
      detail: { path, reason: code },
      hint: 'Set LLCUDA_HOME to a folder that you can write.',
      cause: error,
    });
  }
  return error;
}
