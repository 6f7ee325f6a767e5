import { basename, dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { LlcudaError } from '../errors/llcuda-error.ts';
import { asFileError } from './as-file-error.ts';
import { ensureDirectory } from './ensure-directory.ts';

/** A lock whose holder died is taken over after this time; a living holder renews it far more often. */
const STALE_MS = 8_000;
const RENEW_MS = 2_000;
const POLL_MS = 150;

export interface LockOptions {
  readonly signal?: AbortSignal | undefined;
  /** Called once when another process holds the lock. */
  readonly onWait?: (() => void) | undefined;
}

/**
 * Runs work while this process holds the lock at `path`, across processes. Waits without limit; the
 * signal ends the wait. The work gets a signal that also fires (`STORE_LOCK_LOST`) when the lock was
 * taken over, as after a long suspend.
 */
export async function withLock<Result>(
  path: string,
  options: LockOptions,
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const lost = new AbortController();
  const release = await acquire(path, options, () => {
    lost.abort(
      new LlcudaError('STORE_LOCK_LOST', `Another process took over the lock ${path}`, {
        detail: { path },
        hint: 'Run the same command again.',
      }),
    );
  });
  try {
    const signals = options.signal ? [options.signal, lost.signal] : [lost.signal];
    return await work(AbortSignal.any(signals));
  } finally {
    await release();
  }
}

async function acquire(
  path: string,
  options: LockOptions,
  onLost: () => void,
): Promise<() => Promise<void>> {
  const { default: lockfile } = await import('proper-lockfile');
  await ensureDirectory(dirname(path));
  for (let hasWaited = false; ; hasWaited = true) {
    options.signal?.throwIfAborted();
    try {
      const release = await lockfile.lock(path, {
        lockfilePath: path,
        realpath: false,
        stale: STALE_MS,
        update: RENEW_MS,
        retries: 0,
        onCompromised: onLost,
      });
      // A lock that was lost is no longer ours to remove.
      return async () => release().catch(() => undefined);
    } catch (error) {
      if (!isHeld(error)) throw asFileError(error, path);
    }
    if (!hasWaited) options.onWait?.();
    // Aborted, it rejects with an error of its own: the loop throws the reason of the signal.
    const sleeping = sleep(POLL_MS, undefined, options.signal ? { signal: options.signal } : {});
    await sleeping.catch(() => undefined);
  }
}

function isHeld(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ELOCKED';
}

/** Where the lock for a file or folder lies: beside it. */
export function lockPathFor(path: string): string {
  return `${dirname(path)}/.${basename(path)}.lock`;
}
