import { FORMAT_HEAD_BYTES } from '../binary/limits.ts';
import type { ByteSource, ReadOptions } from '../bytes/byte-source.ts';
import { malformedError } from '../bytes/malformed-error.ts';
import type { ArchiveMember } from './archive-member.ts';
import { decompress, type Compression } from './decompress.ts';
import { ForwardStream } from './forward-stream.ts';
import { InflateBudget } from './inflate-budget.ts';
import { isExaminedFormat } from './is-examined-format.ts';
import { DEFERRED_MEMBERS_MAXIMUM } from './limits.ts';
import { createSparseMember } from './list-tar-members.ts';
import { readTarEntries } from './read-tar-entries.ts';
import { isKeptWhole, readLargeMember, readWholeMember } from './stream-member.ts';

/**
 * Lists the binaries in a compressed tar, which has no random access, without unpacking it to disk or memory. Members
 * up to 32 MiB are given from memory during the first pass; of larger ones the first pass keeps start and end, and a
 * second pass gives the rest, front to back. So they come later than where they are in the archive.
 */
export async function* listCompressedTarMembers(
  source: ByteSource,
  compression: Compression,
  options: ReadOptions = {},
): AsyncGenerator<ArchiveMember, void, void> {
  const budget = new InflateBudget(source.sizeBytes);
  await using stream = new ForwardStream({
    budget,
    open: (readOptions) => decompress(source, compression, { ...readOptions, budget }),
  });
  let deferred: ArchiveMember[] = [];
  const read = async (offset: number, length: number): Promise<Uint8Array> =>
    stream.read(offset, length, options);
  let end = 0;
  for await (const entry of readTarEntries(read, options)) {
    const { name, offset, sizeBytes } = entry;
    end = offset + sizeBytes;
    if (entry.isSparse) yield createSparseMember(entry);
    else if (!isExaminedFormat(await read(offset, Math.min(FORMAT_HEAD_BYTES, sizeBytes))))
      continue;
    else if (isKeptWhole(entry)) {
      yield { name, source: await readWholeMember(stream, entry, options) };
    } else deferred.push({ name, source: await readLargeMember(stream, entry, options) });
    if (deferred.length < DEFERRED_MEMBERS_MAXIMUM) continue;
    yield* deferred;
    deferred = [];
  }
  await checkEnd(stream, { end, options });
  yield* deferred;
}

/** The last member may be one that was not looked at, and cut off. */
async function checkEnd(
  stream: ForwardStream,
  { end, options }: { readonly end: number; readonly options: ReadOptions },
): Promise<void> {
  const last = await stream.read(Math.max(0, end - 1), 1, options);
  if (end === 0 || last.length === 1) return;
  throw malformedError({ field: 'tar.member', offset: end, reason: 'the archive is cut off' });
}
