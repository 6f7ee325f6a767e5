import {
  changeRuntimes,
  resolveRuntime,
  runtimeNotFound,
  type ChangeContext,
  type ChangeOptions,
} from './change-runtimes.ts';
import { proveRuntime } from './prove-runtime.ts';
import {
  activate,
  findServer,
  listServers,
  readActive,
  type ServerRuntime,
} from './server-store.ts';

export interface UsedRuntime {
  readonly runtime: ServerRuntime;
  /** The one that was active before. */
  readonly previous: string | undefined;
}

/** Activates an installed runtime after a proof. Throws `RUNTIME_NOT_FOUND`, `RUNTIME_INSTALL_FAILED`. */
export async function useRuntime(name: string, options: ChangeOptions = {}): Promise<UsedRuntime> {
  return changeRuntimes(options, async (context) =>
    switchTo(await resolveRuntime(context.store, name), context),
  );
}

/** Goes back to the runtime that was active before this one. Throws `RUNTIME_NOT_FOUND`, `RUNTIME_INSTALL_FAILED`. */
export async function rollbackRuntime(options: ChangeOptions = {}): Promise<UsedRuntime> {
  return changeRuntimes(options, async (context) => {
    const { store } = context;
    const { previous } = await readActive(store);
    const runtime = previous === undefined ? undefined : await findServer(store, previous);
    if (runtime !== undefined) return switchTo(runtime, context);
    const installed = (await listServers(store)).map(({ name }) => name);
    throw runtimeNotFound('There is no runtime to go back to', '', installed);
  });
}

async function switchTo(
  runtime: ServerRuntime,
  { host, store, signal }: ChangeContext,
): Promise<UsedRuntime> {
  const { directory, name, os, backend } = runtime;
  await proveRuntime(directory, { host, name, os, needsGpu: backend === 'cuda', signal });
  const { previous } = await activate(store, name);
  return { runtime, previous };
}
