import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { findFileSize } from '../../files/find-file-size.ts';
import { createNodeHost } from '../../host/create-node-host.ts';
import type { Host } from '../../host/host.ts';
import { RUNTIME_MARKER } from '../bundle/runtime-marker.ts';
import { resolveStore } from '../store.ts';
import { listServers, readActive, type ServerRuntime } from './server-store.ts';

/** A runtime in the store. */
export type ListedRuntime =
  | (ServerRuntime & { readonly state: 'active' | 'previous' | 'installed' })
  /** node-llama-cpp: it runs models on the processor. */
  | { readonly kind: 'embedded'; readonly name: string; readonly directory: string };

/** The runtimes in the store: the active server runtime, the previous one, the others, then the embedded ones. */
export async function listRuntimes(
  options: { readonly host?: Host | undefined } = {},
): Promise<readonly ListedRuntime[]> {
  const store = resolveStore(options.host ?? createNodeHost());
  const [servers, { active, previous }] = await Promise.all([
    listServers(store),
    readActive(store),
  ]);
  const order = { active: 0, previous: 1, installed: 2 } as const;
  const listed = servers
    .map((server) =>
      Object.assign({}, server, { state: findState(server.name, { active, previous }) }),
    )
    .sort((left, right) => order[left.state] - order[right.state]);
  const names = await readdir(store.runtimes).catch(() => []);
  const embedded = await Promise.all(
    names
      .filter((name) => name.startsWith('embedded-'))
      .toSorted()
      .map(async (name) => {
        const directory = join(store.runtimes, name);
        const isComplete = (await findFileSize(join(directory, RUNTIME_MARKER))) !== undefined;
        return isComplete ? [{ kind: 'embedded' as const, name, directory }] : [];
      }),
  );
  return [...listed, ...embedded.flat()];
}

function findState(
  name: string,
  { active, previous }: { active: string | undefined; previous: string | undefined },
): 'active' | 'previous' | 'installed' {
  if (name === active) return 'active';
  return name === previous ? 'previous' : 'installed';
}
