import type { Host } from '../../host/host.ts';
import { askProgram, type AskOptions } from '../ask-program.ts';
import type { LibraryCopy } from '../facts/library-facts.ts';
import { parseLdconfig } from './parse-ldconfig.ts';

/** Where the dynamic loader of this host looks, in its order: ld.so(8). */
export interface LoaderPath {
  /** Of LD_LIBRARY_PATH, then the folders that are searched without being told. */
  readonly folders: readonly LoaderFolder[];
  /** Soname to paths: what ldconfig cached, which comes between the two kinds of folders. */
  readonly cache: ReadonlyMap<string, readonly string[]>;
  /** False where neither a cache nor a folder could be read: nothing can be said to be missing. */
  readonly isKnown: boolean;
}

export interface LoaderFolder {
  readonly path: string;
  readonly place: Extract<LibraryCopy['place'], 'ld-library-path' | 'default-folder'>;
  readonly names: ReadonlySet<string>;
}

const multiarch: Readonly<Record<string, string>> = {
  x64: 'x86_64-linux-gnu',
  arm64: 'aarch64-linux-gnu',
};

export async function readLoaderPath(host: Host, options: AskOptions = {}): Promise<LoaderPath> {
  if (host.platform !== 'linux') return { folders: [], cache: new Map(), isKnown: false };
  // Colons and semicolons separate; an empty entry is the working directory.
  const given = (host.env['LD_LIBRARY_PATH'] ?? '')
    .split(/[:;]/)
    .filter((folder) => folder.startsWith('/'))
    .slice(0, 64);
  const triplet = multiarch[host.arch];
  const defaults = [
    ...(triplet === undefined ? [] : [`/lib/${triplet}`, `/usr/lib/${triplet}`]),
    '/lib64',
    '/usr/lib64',
    '/lib',
    '/usr/lib',
  ];
  const [cache, ...folders] = await Promise.all([
    readCache(host, options),
    ...given.map(async (path) => readFolder(host, path, 'ld-library-path')),
    ...defaults.map(async (path) => readFolder(host, path, 'default-folder')),
  ]);
  const isKnown = cache.size > 0 || folders.some(({ names }) => names.has('libc.so.6'));
  return { folders, cache, isKnown };
}

async function readFolder(
  host: Host,
  path: string,
  place: LoaderFolder['place'],
): Promise<LoaderFolder> {
  return { path, place, names: new Set(await host.list(path)) };
}

/** It is in /sbin, which is not on everybody's PATH. */
async function readCache(host: Host, options: AskOptions): Promise<LoaderPath['cache']> {
  for (const command of ['/sbin/ldconfig', 'ldconfig']) {
    const { exitCode, stdout } = await askProgram(host, [command, '-p'], options);
    if (exitCode === 0) return parseLdconfig(stdout, host.arch);
  }
  return new Map();
}

/** The paths under which the loader finds a soname, the one that it takes first. */
export function findOnLoaderPath(
  { folders, cache }: LoaderPath,
  soname: string,
): readonly Pick<LibraryCopy, 'path' | 'place'>[] {
  const inFolders = folders
    .filter(({ names }) => names.has(soname))
    .map(({ path, place }) => ({ path: `${path.replace(/\/$/, '')}/${soname}`, place }));
  const cached = (cache.get(soname) ?? []).map((path) => ({ path, place: 'ld-cache' as const }));
  return [
    ...inFolders.filter(({ place }) => place === 'ld-library-path'),
    ...cached,
    ...inFolders.filter(({ place }) => place === 'default-folder'),
  ];
}
