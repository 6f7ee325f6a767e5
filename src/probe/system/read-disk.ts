import { dirname } from 'node:path';
import type { Host } from '../../host/host.ts';
import { resolveStore } from '../../runtime/store.ts';
import type { DiskFacts } from '../facts/platform-facts.ts';

/** The disk that the store is on, or will be on: that of the nearest folder that exists. */
export async function readDisk(host: Host): Promise<DiskFacts> {
  const { root } = resolveStore(host);
  const doesStoreExist = (await host.findEntry(root)) !== undefined;
  let folder = root;
  while (folder !== dirname(folder) && (await host.findEntry(folder)) === undefined) {
    folder = dirname(folder);
  }
  return { storePath: root, doesStoreExist, freeBytes: await host.findFreeBytes(folder) };
}
