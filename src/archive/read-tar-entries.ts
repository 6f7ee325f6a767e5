import type { ReadOptions } from '../bytes/byte-source.ts';
import { readTarMembers, type TarMember, type TarRead } from './read-tar-members.ts';

/** A regular file in a tar. */
export type TarEntry = Pick<TarMember, 'name' | 'offset' | 'sizeBytes' | 'isSparse'>;

const FILE_TYPES: ReadonlySet<TarMember['type']> = new Set([
  'File',
  'OldFile',
  'ContiguousFile',
  'SparseFile',
]);

/** Goes through the regular files of a tar. Throws `BINARY_MALFORMED`. */
export async function* readTarEntries(
  read: TarRead,
  options: ReadOptions = {},
): AsyncGenerator<TarEntry, void, void> {
  for await (const member of readTarMembers(read, options)) {
    if (FILE_TYPES.has(member.type)) yield member;
  }
}
