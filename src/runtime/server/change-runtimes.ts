import { LlcudaError } from '../../errors/llcuda-error.ts';
import type { ProgressSink } from '../../events/progress-event.ts';
import { withLock } from '../../files/with-lock.ts';
import { createNodeHost } from '../../host/create-node-host.ts';
import type { Host } from '../../host/host.ts';
import { resolveStore, type Store } from '../store.ts';
import { listServers, serverLockPath, type ServerRuntime } from './server-store.ts';

export interface ChangeOptions {
  /** @defaultValue this machine */
  readonly host?: Host | undefined;
  readonly onProgress?: ProgressSink | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface ChangeContext {
  readonly host: Host;
  readonly store: Store;
  readonly signal: AbortSignal;
}

/** Runs work that changes which runtimes there are, one at a time on a store. */
export async function changeRuntimes<Result>(
  { host = createNodeHost(), onProgress, signal }: ChangeOptions,
  work: (context: ChangeContext) => Promise<Result>,
): Promise<Result> {
  const store = resolveStore(host);
  const message = 'Another llcuda changes the runtimes; waiting for it';
  const onWait = (): void => onProgress?.({ type: 'notice', message });
  return withLock(serverLockPath(store), { signal, onWait }, async (locked) =>
    work({ host, store, signal: locked }),
  );
}

/** An installed runtime by its name, its version, or the beginning of its name. Throws `RUNTIME_NOT_FOUND`. */
export async function resolveRuntime(store: Store, text: string): Promise<ServerRuntime> {
  const servers = await listServers(store);
  const exact = servers.find(({ name }) => name === text);
  const matches = servers.filter(
    ({ name, llamaCpp }) => llamaCpp.version === text || name.startsWith(text),
  );
  const found = exact ?? (matches.length === 1 ? matches[0] : undefined);
  if (found !== undefined) return found;
  const message =
    matches.length > 1
      ? `${text} names ${matches.length} runtimes`
      : `No runtime is called ${text}`;
  const installed = (matches.length > 1 ? matches : servers).map(({ name }) => name);
  throw runtimeNotFound(message, text, installed);
}

export function runtimeNotFound(
  message: string,
  runtime: string,
  installed: readonly string[],
): LlcudaError<'RUNTIME_NOT_FOUND'> {
  return new LlcudaError('RUNTIME_NOT_FOUND', message, {
    detail: { runtime, installed },
    hint:
      installed.length > 0
        ? `Name one of these: ${installed.join(', ')}.`
        : 'Install one with `llcuda install`.',
  });
}
