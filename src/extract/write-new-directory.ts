import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rename, rm, rmdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { LlcudaError } from '../errors/llcuda-error.ts';

/**
 * Fills a folder that does not exist yet, or is empty: it appears whole or not at all. Throws `OUTPUT_NOT_WRITABLE`
 * where there is something already, and `DISK_FULL`.
 */
export async function writeNewDirectory<Result>(
  directory: string,
  work: (staging: string) => Promise<Result>,
): Promise<Result> {
  const staging = join(dirname(directory), `.${basename(directory)}.${randomUUID()}.tmp`);
  try {
    await checkIsNew(directory);
    await mkdir(staging, { recursive: true });
    const result = await work(staging);
    // It fails if something was put there meanwhile.
    await rmdir(directory).catch(ignoreMissing);
    await rename(staging, directory);
    return result;
  } catch (error) {
    await rm(staging, { recursive: true, force: true });
    throw asOutputError(error, directory);
  }
}

async function checkIsNew(directory: string): Promise<void> {
  const names = await readdir(directory).catch(ignoreMissing);
  if (names === undefined || names.length === 0) return;
  throw notWritable(directory, 'it is not empty');
}

function ignoreMissing(error: unknown): undefined {
  if (codeOf(error) !== 'ENOENT') throw error;
}

function asOutputError(error: unknown, path: string): unknown {
  const code = codeOf(error);
  if (code === undefined) return error;
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new LlcudaError('DISK_FULL', `The disk is full: ${path}`, {
      detail: { path },
      hint: 'Free some space, or name a folder on another disk.',
      cause: error,
    });
  }
  return notWritable(path, code, error);
}

/** Of a failed call of the system; every other error has none. */
function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || LlcudaError.is(error)) return undefined;
  return 'code' in error && 'syscall' in error ? String(error.code) : undefined;
}

function notWritable(path: string, reason: string, cause?: unknown): LlcudaError {
  return new LlcudaError('OUTPUT_NOT_WRITABLE', `Cannot write to ${path}: ${reason}`, {
    detail: { path, reason },
    hint: 'Name a folder that does not exist yet: nothing is ever overwritten.',
    cause,
  });
}
