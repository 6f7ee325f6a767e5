import { basename } from 'node:path';
import { lockPathFor, withLock } from '../files/with-lock.ts';
import { findFileSize } from '../files/find-file-size.ts';
import type { ModelServices } from './model-services.ts';

export interface FetchedModel {
  /** Absolute path of the file. */
  readonly path: string;
  /** Whether it was in the store already. */
  readonly wasPresent: boolean;
}

/**
 * Runs `fetch` unless the file is in the store, in one process at a time: another one that wants the
 * same file waits and finds it. A file in the store has its name only because it was checked.
 */
export async function fetchOnce(
  expected: { readonly path: string; readonly sizeBytes?: number },
  services: ModelServices,
  fetch: (services: ModelServices) => Promise<void>,
): Promise<FetchedModel> {
  const { path } = expected;
  const isPresent = async (): Promise<boolean> => {
    const sizeBytes = await findFileSize(path);
    return sizeBytes !== undefined && sizeBytes === (expected.sizeBytes ?? sizeBytes);
  };
  if (await isPresent()) return { path, wasPresent: true };
  const message = `Another llcuda is fetching ${basename(path)}; waiting for it`;
  const onWait = (): void => services.onProgress({ type: 'notice', message });
  return withLock(lockPathFor(path), { signal: services.signal, onWait }, async (signal) => {
    if (await isPresent()) return { path, wasPresent: true };
    await fetch({ ...services, signal });
    return { path, wasPresent: false };
  });
}
