import type { ByteSource, ReadOptions } from '../bytes/byte-source.ts';
import { malformedError } from '../bytes/malformed-error.ts';
import { decompress, readChunks, type Compression } from './decompress.ts';
import type { StatedEntry } from './entry-policy.ts';
import type { EntryWriter } from './entry-writer.ts';
import { ForwardStream } from './forward-stream.ts';
import { InflateBudget } from './inflate-budget.ts';
import { EXTRACTED_ALWAYS_BYTES, EXTRACTED_RATIO_MAXIMUM, STREAM_CHUNK_BYTES } from './limits.ts';
import { readTarMembers, type TarMember } from './read-tar-members.ts';

export interface UnpackTarOptions extends ReadOptions {
  readonly format: 'tar' | Compression;
}

/** Hands every member of a tar to the writer, in one pass over the archive. */
export async function unpackTar(
  source: ByteSource,
  writer: EntryWriter,
  { format, signal }: UnpackTarOptions,
): Promise<void> {
  const limits = { alwaysBytes: EXTRACTED_ALWAYS_BYTES, ratio: EXTRACTED_RATIO_MAXIMUM };
  const budget = new InflateBudget(source.sizeBytes, limits);
  await using stream = new ForwardStream({
    budget,
    open: (options) =>
      format === 'tar'
        ? readChunks(source, options)
        : decompress(source, format, { ...options, budget }),
  });
  const read = async (offset: number, length: number): Promise<Uint8Array> =>
    stream.read(offset, length, { signal });
  for await (const member of readTarMembers(read, { signal })) {
    signal?.throwIfAborted();
    await writer.write(describeMember(member), () => readMember(member, read));
  }
}

async function* readMember(
  { offset, sizeBytes }: TarMember,
  read: (offset: number, length: number) => Promise<Uint8Array>,
): AsyncGenerator<Uint8Array, void, void> {
  for (let done = 0; done < sizeBytes;) {
    const length = Math.min(STREAM_CHUNK_BYTES, sizeBytes - done);
    const chunk = await read(offset + done, length);
    if (chunk.length < length) {
      const reason = 'the archive is cut off';
      throw malformedError({ field: 'tar.member', offset: offset + done, reason });
    }
    yield chunk;
    done += length;
  }
}

function describeMember(member: TarMember): StatedEntry {
  const { type, name, mode, sizeBytes, linkTarget: target, isSparse } = member;
  const stated = { name, mode, sizeBytes };
  if (isSparse) return { ...stated, kind: 'other', description: 'a file stored without its holes' };
  const kind = KINDS.get(type);
  if (kind === undefined) return { ...stated, kind: 'other', description: describeType(type) };
  return { ...stated, kind, target };
}

const KINDS: ReadonlyMap<TarMember['type'], 'file' | 'folder' | 'link'> = new Map([
  ['File', 'file'],
  ['OldFile', 'file'],
  ['ContiguousFile', 'file'],
  ['Directory', 'folder'],
  ['SymbolicLink', 'link'],
]);

function describeType(type: TarMember['type']): string {
  const names: Partial<Record<TarMember['type'], string>> = {
    Link: 'a hard link',
    CharacterDevice: 'a device',
    BlockDevice: 'a device',
    FIFO: 'a pipe',
  };
  return names[type] ?? `of the type ${type}`;
}
