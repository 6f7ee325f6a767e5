import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { withLock } from '../files/with-lock.ts';
import { withStagingDirectory } from '../files/with-staging-directory.ts';
import type { Host } from '../host/host.ts';
import { resolveStore } from '../runtime/store.ts';
import type { ExamineOptions } from './inspect-options.ts';

export interface StagingOptions extends ExamineOptions {
  readonly host: Host;
}

/** Gives work a fresh folder in the store that is removed afterwards; the same source is staged once at a time. */
export async function withStagedSource<Result>(
  source: string,
  { host, signal, onProgress }: StagingOptions,
  work: (directory: string, signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const { staging } = resolveStore(host);
  const prefix = `inspect-${createHash('sha256').update(source).digest('hex').slice(0, 12)}`;
  const onWait = (): void =>
    onProgress?.({ type: 'notice', message: `Another process examines ${source}; waiting for it` });
  return withLock(join(staging, `.${prefix}.lock`), { signal, onWait }, async (lockSignal) =>
    withStagingDirectory(staging, prefix, async (directory) => work(directory, lockSignal)),
  );
}
