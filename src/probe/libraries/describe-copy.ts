import type { Host } from '../../host/host.ts';
import type { LibraryCopy } from '../facts/library-facts.ts';

/** A driver's library has megabytes; what a toolkit links against in its place has some ten kilobytes. */
const STUB_LIMIT_BYTES = 100_000;

export interface CopyPlace {
  readonly soname: string;
  readonly path: string;
  readonly place: LibraryCopy['place'];
}

/** What a library's file tells by its name, its size and the folder that it is in. `undefined`: a link to nothing. */
export async function describeCopy(
  host: Host,
  { soname, path, place }: CopyPlace,
): Promise<LibraryCopy | undefined> {
  const entry = await host.findEntry(path);
  if (entry === undefined || entry.kind === 'folder') return undefined;
  const { realPath, sizeBytes } = entry;
  const isOnLoaderPath = ['ld-library-path', 'ld-cache', 'default-folder'].includes(place);
  return {
    path,
    realPath,
    alsoAt: [],
    version: parseLibraryVersion(realPath, soname),
    sizeBytes: sizeBytes === 0 ? undefined : sizeBytes,
    place,
    isOnLoaderPath,
    kind: findKind(soname, `${path}\n${realPath}`, sizeBytes),
  };
}

/** `580.159.04` of `/usr/lib/libcuda.so.580.159.04`; `undefined` where the file has the name of the soname alone. */
export function parseLibraryVersion(realPath: string, soname: string): string | undefined {
  const version = /\.so\.(\d{1,6}(?:\.\d{1,6}){0,4})$/.exec(realPath)?.[1];
  return version === undefined || soname.endsWith(`.so.${version}`) ? undefined : version;
}

function findKind(soname: string, paths: string, sizeBytes: number): LibraryCopy['kind'] {
  if (/\/stubs\//.test(paths)) return 'stub';
  if (/\/compat\/|\/cuda-compat/.test(paths)) return 'compat';
  // In WSL2 the real one is a small library that opens another.
  const isTiny = soname === 'libcuda.so.1' && sizeBytes > 0 && sizeBytes < STUB_LIMIT_BYTES;
  return isTiny && !/\/wsl\//.test(paths) ? 'stub' : 'normal';
}
