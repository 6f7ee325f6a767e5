import { LlcudaError } from '../../errors/llcuda-error.ts';
import { changeRuntimes, resolveRuntime, type ChangeOptions } from './change-runtimes.ts';
import { discardFolder } from './discard-folder.ts';
import { findRuntimeProcesses } from './find-runtime-processes.ts';
import { readActive, type ServerRuntime } from './server-store.ts';

/** Removes an installed runtime that is not active and that no process runs from. Throws `RUNTIME_NOT_FOUND`, `RUNTIME_IN_USE`. */
export async function removeRuntime(
  name: string,
  options: ChangeOptions = {},
): Promise<ServerRuntime> {
  return changeRuntimes(options, async ({ store }) => {
    const runtime = await resolveRuntime(store, name);
    const { active } = await readActive(store);
    if (runtime.name === active) throw inUse(runtime, []);
    const processes = await findRuntimeProcesses(runtime.directory);
    if (processes.length > 0) throw inUse(runtime, processes);
    await discardFolder(runtime.directory, store);
    return runtime;
  });
}

function inUse({ name }: ServerRuntime, processes: readonly number[]): LlcudaError {
  const isActive = processes.length === 0;
  const message = isActive
    ? `${name} is the active runtime`
    : `${name} is in use by process ${processes.join(', ')}`;
  return new LlcudaError('RUNTIME_IN_USE', message, {
    detail: { runtime: name, processes },
    hint: isActive
      ? 'Activate another one first: `llcuda use NAME` or `llcuda rollback`.'
      : 'Stop the process first.',
  });
}
