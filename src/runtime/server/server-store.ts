import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import { writeAtomically } from '../../files/write-atomically.ts';
import type { BundleSystem, LlamaCppVersion } from '../bundle/bundle-manifest.ts';
import { RUNTIME_MARKER } from '../bundle/runtime-marker.ts';
import type { Store } from '../store.ts';

/** What the folders of server runtimes begin with. */
const PREFIX = 'server-';
const ACTIVE_FILE = 'active.json';

const markerSchema: v.GenericSchema<unknown, ServerMarker> = v.object({
  schemaVersion: v.literal(1),
  kind: v.literal('server'),
  name: v.string(),
  llamaCpp: v.object({ version: v.string(), commit: v.optional(v.string()) }),
  os: v.picklist(['linux', 'windows']),
  backend: v.picklist(['cuda', 'cpu']),
  devices: v.array(v.string()),
  sizeBytes: v.number(),
});

/** What the marker of an installed server runtime says. */
export interface ServerMarker {
  readonly schemaVersion: 1;
  readonly kind: 'server';
  readonly name: string;
  readonly llamaCpp: LlamaCppVersion;
  readonly os: BundleSystem;
  readonly backend: 'cuda' | 'cpu';
  /** GPUs that it listed when it was proven. */
  readonly devices: readonly string[];
  /** Of all its files. */
  readonly sizeBytes: number;
}

export interface ServerRuntime extends ServerMarker {
  /** Absolute path of its folder. */
  readonly directory: string;
}

const activeSchema = v.object({
  schemaVersion: v.literal(1),
  active: v.string(),
  previous: v.optional(v.string()),
});

/** Which runtimes are in use, by name. */
export interface ActiveRuntimes {
  readonly active: string | undefined;
  /** The one before, which `rollback` goes back to. */
  readonly previous: string | undefined;
}

/** Where the runtime of a name lies. */
export function serverDirectory(store: Store, name: string): string {
  return join(store.runtimes, `${PREFIX}${name}`);
}

/** The one lock for all that changes which runtimes there are. */
export function serverLockPath(store: Store): string {
  return join(store.runtimes, '.server.lock');
}

/** The server runtimes in a store, by name. A folder without a marker, or moved under another name, is none. */
export async function listServers(store: Store): Promise<readonly ServerRuntime[]> {
  const names = await readdir(store.runtimes).catch(() => []);
  const found = await Promise.all(
    names
      .filter((name) => name.startsWith(PREFIX))
      .toSorted()
      .map(async (name) => findServer(store, name.slice(PREFIX.length))),
  );
  return found.filter((runtime) => runtime !== undefined);
}

/** An installed runtime by its exact name. */
export async function findServer(store: Store, name: string): Promise<ServerRuntime | undefined> {
  const directory = serverDirectory(store, name);
  const marker = await readJson(join(directory, RUNTIME_MARKER), markerSchema);
  return marker?.name === name ? { ...marker, directory } : undefined;
}

/** Which runtimes are active and previous; those that are gone are left out. */
export async function readActive(store: Store): Promise<ActiveRuntimes> {
  const stated = await readJson(join(store.runtimes, ACTIVE_FILE), activeSchema);
  const check = async (name: string | undefined): Promise<string | undefined> =>
    name !== undefined && (await findServer(store, name)) !== undefined ? name : undefined;
  return { active: await check(stated?.active), previous: await check(stated?.previous) };
}

/** Switches, in one step: what was active before becomes the previous one, unless it is the same. */
export async function activate(store: Store, name: string): Promise<ActiveRuntimes> {
  const before = await readActive(store);
  const previous = before.active === name ? before.previous : before.active;
  const after = { schemaVersion: 1, active: name, ...(previous !== undefined && { previous }) };
  await writeAtomically(join(store.runtimes, ACTIVE_FILE), `${JSON.stringify(after)}\n`);
  return { active: name, previous };
}

/** Writes the marker that makes a folder a runtime. */
export async function writeMarker(directory: string, marker: ServerMarker): Promise<void> {
  await writeAtomically(join(directory, RUNTIME_MARKER), `${JSON.stringify(marker, null, 1)}\n`);
}

async function readJson<Value>(
  path: string,
  schema: v.GenericSchema<unknown, Value>,
): Promise<Value | undefined> {
  const text = await readFile(path, 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  const read = v.safeParse(v.pipe(v.string(), v.parseJson(), schema), text);
  return read.success ? read.output : undefined;
}
