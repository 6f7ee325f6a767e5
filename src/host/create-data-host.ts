import { dirname } from 'node:path/posix';
import type { BinaryReading } from './binary-evidence.ts';
import type { Host, HostEntry, RunResult } from './host.ts';

export interface DataHostInput extends Partial<
  Pick<Host, 'platform' | 'arch' | 'env' | 'homeDirectory' | 'workingDirectory' | 'coreCount'>
> {
  /** Path to contents. */
  readonly files?: Readonly<Record<string, string>>;
  /** Folder to the names in it, beside those that the files imply. */
  readonly folders?: Readonly<Record<string, readonly string[]>>;
  /** What is known of a path without its contents; what is left out is a readable file of no size. */
  readonly entries?: Readonly<Record<string, Partial<HostEntry>>>;
  /** Of every disk, or of the disks of some paths. */
  readonly freeBytes?: number | Readonly<Record<string, number>>;
  readonly binaries?: Readonly<Record<string, BinaryReading>>;
  /** Full command line to what it prints and its exit code. */
  readonly commands?: Readonly<Record<string, Partial<RunResult>>>;
}

/** A machine made of data: what tests and replayed snapshots look at. */
export function createDataHost(input: DataHostInput = {}): Host {
  const files = new Map(Object.entries(input.files ?? {}));
  const entries = new Map(Object.entries(input.entries ?? {}));
  const folders = listFolders([...files.keys(), ...entries.keys()], input.folders ?? {});
  const binaries = new Map(Object.entries(input.binaries ?? {}));
  const commands = new Map(Object.entries(input.commands ?? {}));
  const findEntry = (path: string): HostEntry | undefined => {
    const text = files.get(path);
    const known = entries.get(path);
    if (text === undefined && known === undefined && !folders.has(path)) return undefined;
    return {
      kind: folders.has(path) ? 'folder' : 'file',
      realPath: path,
      sizeBytes: text?.length ?? 0,
      isReadable: true,
      isWritable: true,
      ...known,
    };
  };
  return {
    platform: input.platform ?? 'linux',
    arch: input.arch ?? 'x64',
    env: input.env ?? {},
    homeDirectory: input.homeDirectory ?? '/home/user',
    workingDirectory: input.workingDirectory ?? '/home/user',
    coreCount: input.coreCount ?? 4,
    readText: async (path) => files.get(path),
    list: async (path) => [...(folders.get(stripSlash(path)) ?? [])].sort(),
    findEntry: async (path) => findEntry(path),
    findFreeBytes: async (path) =>
      typeof input.freeBytes === 'object' ? input.freeBytes[path] : input.freeBytes,
    readBinary: async (path) => binaries.get(path) ?? { problem: `${path} is not there` },
    run: async (command, args, options) => {
      options?.signal?.throwIfAborted();
      const output = commands.get([command, ...args].join(' '));
      if (!output) return { exitCode: undefined, isInstalled: false, stdout: '', stderr: '' };
      const isEnded = output.isTimedOut === true || output.signal !== undefined;
      const exitCode = isEnded || output.isInstalled === false ? undefined : 0;
      return { exitCode, isInstalled: true, stdout: '', stderr: '', ...output };
    },
  };
}

/** Every folder that the paths imply, with the names in it. */
function listFolders(
  paths: readonly string[],
  given: Readonly<Record<string, readonly string[]>>,
): ReadonlyMap<string, ReadonlySet<string>> {
  const folders = new Map<string, Set<string>>();
  for (const [folder, names] of Object.entries(given)) folders.set(folder, new Set(names));
  for (const path of paths) {
    for (let child = path; ; child = dirname(child)) {
      const folder = dirname(child);
      if (folder === child || folder === '.') break;
      const names = folders.get(folder) ?? new Set();
      names.add(child.slice(folder === '/' ? 1 : folder.length + 1));
      folders.set(folder, names);
    }
  }
  return folders;
}

function stripSlash(path: string): string {
  return path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path;
}
