import type { LibraryCopy, LibraryFacts } from '../probe/facts/library-facts.ts';
import type { HostFacts } from '../probe/host-facts.ts';

/** Every copy of a library, and the one that loads. One that was not looked for has none. */
export function findLibrary(
  { libraries }: Pick<HostFacts, 'libraries'>,
  soname: string,
): LibraryFacts {
  return (
    libraries.find((library) => library.soname === soname) ?? {
      soname,
      copies: [],
      loaded: undefined,
    }
  );
}

/** The folder to put on the loader's path for a copy that it does not look at. */
export function findFolder({ path }: Pick<LibraryCopy, 'path'>): string {
  return path.slice(0, Math.max(1, path.lastIndexOf('/')));
}
