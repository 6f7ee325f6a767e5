import type { LibraryHandle } from 'koffi';

type Argument = 'pointer' | 'int' | 'uint';
type ArgumentValue = Buffer | bigint | number;

/** A C function that gives a status code. `undefined` when the library has no such function: it is an older one. */
export type NativeCall = (...values: readonly ArgumentValue[]) => number | undefined;

const types: Readonly<Record<Argument, string>> = {
  pointer: 'void *',
  int: 'int',
  uint: 'unsigned int',
};

/** Declares a function of a library by the kinds of its arguments. The names tried are of newer to older libraries. */
export function declareCall(
  library: LibraryHandle,
  names: string | readonly string[],
  args: readonly Argument[],
): NativeCall {
  for (const name of typeof names === 'string' ? [names] : names) {
    try {
      const call = library.func(
        name,
        'int',
        args.map((arg) => types[arg]),
      );
      return (...values) => {
        const status: unknown = call(...values);
        return typeof status === 'number' ? status : undefined;
      };
    } catch {
      // Not in this library: the next name.
    }
  }
  return () => undefined;
}

/** The text that a C function left in a buffer. */
export function readCText(buffer: Buffer): string {
  const end = buffer.indexOf(0);
  return buffer.toString('utf8', 0, end < 0 ? buffer.length : end);
}

/** The file that a library was loaded from, on Linux. */
export function findLoadedPath(maps: string | undefined, name: string): string | undefined {
  const stem = name.replace(/\.so.*$/, '.so');
  const paths = (maps ?? '').split('\n').map((line) => line.slice(line.indexOf('/')));
  return paths.find((path) => path.slice(path.lastIndexOf('/') + 1).startsWith(stem));
}
