import { FORMAT_HEAD_BYTES } from '../binary/limits.ts';
import type { ByteSource, ReadOptions } from '../bytes/byte-source.ts';
import { checkRange } from '../bytes/check-range.ts';
import { createSubSource } from '../bytes/create-sub-source.ts';
import { unsupportedError } from '../bytes/unsupported-error.ts';
import type { ArchiveMember } from './archive-member.ts';
import { isExaminedFormat } from './is-examined-format.ts';
import { readTarEntries, type TarEntry } from './read-tar-entries.ts';

/** Lists the binaries in an uncompressed tar. Only headers, and the first bytes of each member, are read. */
export async function* listTarMembers(
  source: ByteSource,
  options: ReadOptions = {},
): AsyncGenerator<ArchiveMember, void, void> {
  const read = async (offset: number, length: number): Promise<Uint8Array> => {
    const left = Math.max(0, source.sizeBytes - offset);
    return source.read(Math.min(offset, source.sizeBytes), Math.min(length, left), options);
  };
  for await (const entry of readTarEntries(read, options)) {
    const { name, offset, sizeBytes } = entry;
    checkRange({ offset, length: sizeBytes }, source.sizeBytes, 'tar.member');
    const member = createSubSource(source, offset, sizeBytes);
    const head = await member.read(0, Math.min(FORMAT_HEAD_BYTES, sizeBytes), options);
    if (entry.isSparse) yield createSparseMember(entry);
    else if (isExaminedFormat(head)) yield { name, source: member };
  }
}

/** Whether it is a binary cannot be told without its map of holes: it is named whatever it holds. */
export function createSparseMember({ name }: TarEntry): ArchiveMember {
  return { name, error: unsupportedError('tar', 'a member that is stored without its holes') };
}
