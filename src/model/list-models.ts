import { findFileSize } from '../files/find-file-size.ts';
import { createNodeHost } from '../host/create-node-host.ts';
import type { Host } from '../host/host.ts';
import { loadRegistry } from './load-registry.ts';
import { entryPath } from './pull-entry.ts';
import type { RegistryEntry } from './registry-entry.ts';

export interface ListedModel {
  readonly entry: RegistryEntry;
  /** Absolute path of the file when it is in the store. */
  readonly path: string | undefined;
}

/** The models of the registry, in its order, each with its file where it was fetched. */
export async function listModels(
  options: { readonly host?: Host | undefined } = {},
): Promise<readonly ListedModel[]> {
  const host = options.host ?? createNodeHost();
  const registry = await loadRegistry();
  return Promise.all(
    registry.map(async (entry) => {
      const path = entryPath(entry, { host });
      const isPresent = (await findFileSize(path)) === entry.sizeBytes;
      return { entry, path: isPresent ? path : undefined };
    }),
  );
}
