import { dirname, join } from 'node:path';
import { createLimitedHost } from '../host/create-limited-host.ts';
import type { Host } from '../host/host.ts';
import { resolveStore } from '../runtime/store.ts';

/** What the doctor asks of a host beside its facts. */
export interface DoctorEvidence {
  /** `20.19.0`, of the Node on PATH; `undefined` where there is none. */
  readonly nodeVersion: string | undefined;
  /** Folders of LD_LIBRARY_PATH, and whether they are there. */
  readonly libraryFolders: readonly { readonly path: string; readonly exists: boolean }[];
  readonly store: StoreEvidence;
}

export interface StoreEvidence {
  /** Whether this user may write there, or make it. `undefined`: nothing told. */
  readonly isWritable: boolean | undefined;
  readonly models: readonly StoredModel[];
  /** Names of runtimes whose installation did not come to its end. */
  readonly incompleteRuntimes: readonly string[];
}

export interface StoredModel {
  readonly name: string;
  readonly sizeBytes: number;
  /** A download that did not come to its end. */
  readonly isPartial: boolean;
}

const NODE_TIMEOUT_MS = 3000;
/** A store has some dozens. */
const STORE_LIMIT = 500;

/** Looks at what only the doctor wants to know. Never throws, other than when the signal fires. */
export async function readDoctorEvidence(
  host: Host,
  { signal }: { readonly signal?: AbortSignal | undefined } = {},
): Promise<DoctorEvidence> {
  signal?.throwIfAborted();
  const limited = createLimitedHost(host, signal);
  const [nodeVersion, libraryFolders, store] = await Promise.all([
    askNode(limited, signal),
    readLibraryFolders(limited),
    readStore(limited),
  ]);
  return { nodeVersion, libraryFolders, store };
}

async function askNode(host: Host, signal: AbortSignal | undefined): Promise<string | undefined> {
  const { stdout } = await host.run('node', ['--version'], { timeoutMs: NODE_TIMEOUT_MS, signal });
  return /^v(\d{1,3}(?:\.\d{1,4}){2})/.exec(stdout)?.[1];
}

async function readLibraryFolders(host: Host): Promise<DoctorEvidence['libraryFolders']> {
  const given = (host.env['LD_LIBRARY_PATH'] ?? '').split(':').slice(0, 64);
  const folders = [...new Set(given)].filter((path) => path.startsWith('/'));
  return Promise.all(
    folders.map(async (path) => ({
      path,
      exists: (await host.findEntry(path))?.kind === 'folder',
    })),
  );
}

async function readStore(host: Host): Promise<StoreEvidence> {
  const { root, models, runtimes } = resolveStore(host);
  const [isWritable, stored, incompleteRuntimes] = await Promise.all([
    findWritable(host, root),
    listModels(host, models),
    listIncomplete(host, runtimes),
  ]);
  return { isWritable, models: stored, incompleteRuntimes };
}

/** Of the nearest folder that is there: a store is made when it is first needed. */
async function findWritable(host: Host, root: string): Promise<boolean | undefined> {
  let folder = root;
  while (folder !== dirname(folder)) {
    const entry = await host.findEntry(folder);
    if (entry !== undefined) return entry.kind === 'folder' && entry.isWritable;
    folder = dirname(folder);
  }
  return undefined;
}

async function listModels(host: Host, folder: string): Promise<readonly StoredModel[]> {
  const keys = (await host.list(folder)).slice(0, STORE_LIMIT);
  const models = await Promise.all(
    keys.map(async (key) => {
      const names = (await host.list(join(folder, key))).slice(0, STORE_LIMIT);
      const found = names.filter((name) => /\.gguf(?:\.partial)?$/.test(name));
      return Promise.all(found.map(async (name) => describeModel(host, join(folder, key), name)));
    }),
  );
  return models.flat();
}

async function describeModel(host: Host, folder: string, name: string): Promise<StoredModel> {
  const entry = await host.findEntry(join(folder, name));
  return {
    name: name.replace(/\.partial$/, ''),
    sizeBytes: entry?.sizeBytes ?? 0,
    isPartial: name.endsWith('.partial'),
  };
}

/** The marker of an embedded runtime is written last; a server runtime has a bin folder. */
async function listIncomplete(host: Host, folder: string): Promise<readonly string[]> {
  const names = (await host.list(folder)).slice(0, STORE_LIMIT);
  const lists = await Promise.all(names.map(async (name) => host.list(join(folder, name))));
  return names.filter((_, at) => {
    const inside = lists[at] ?? [];
    return !inside.includes('llcuda-runtime.json') && !inside.includes('bin');
  });
}
