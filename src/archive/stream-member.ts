import type { ByteSource, ReadOptions } from '../bytes/byte-source.ts';
import { checkRange } from '../bytes/check-range.ts';
import { createBufferSource } from '../bytes/create-buffer-source.ts';
import { malformedError } from '../bytes/malformed-error.ts';
import type { ForwardStream } from './forward-stream.ts';
import { MEMBER_HEAD_BYTES, MEMBER_TAIL_BYTES, MEMBER_WHOLE_MAXIMUM_BYTES } from './limits.ts';

export interface StreamRange {
  readonly offset: number;
  readonly sizeBytes: number;
}

/** Reads all of a member that is small enough to be kept. */
export async function readWholeMember(
  stream: ForwardStream,
  range: StreamRange,
  options: ReadOptions,
): Promise<ByteSource> {
  return createBufferSource(await readExactly(stream, range, options));
}

export function isKeptWhole({ sizeBytes }: StreamRange): boolean {
  return sizeBytes <= MEMBER_WHOLE_MAXIMUM_BYTES;
}

/**
 * A source over a large member, of which the start and the end are kept: that is what readers of ELF files look at
 * before they go through the rest from front to back. This takes one pass over the member, and they take a second.
 */
export async function readLargeMember(
  stream: ForwardStream,
  range: StreamRange,
  options: ReadOptions,
): Promise<ByteSource> {
  const { offset, sizeBytes } = range;
  const tailOffset = sizeBytes - MEMBER_TAIL_BYTES;
  const headRange = { offset, sizeBytes: MEMBER_HEAD_BYTES };
  const head = await readExactly(stream, headRange, options);
  const tailRange = { offset: offset + tailOffset, sizeBytes: MEMBER_TAIL_BYTES };
  const tail = await readExactly(stream, tailRange, options);
  return {
    sizeBytes,
    async read(at, length, readOptions = {}) {
      checkRange({ offset: at, length }, sizeBytes);
      if (at + length <= head.length) return head.subarray(at, at + length);
      if (at >= tailOffset) return tail.subarray(at - tailOffset, at - tailOffset + length);
      return readExactly(stream, { offset: offset + at, sizeBytes: length }, readOptions);
    },
  };
}

async function readExactly(
  stream: ForwardStream,
  { offset, sizeBytes }: StreamRange,
  options: ReadOptions,
): Promise<Uint8Array> {
  const bytes = await stream.read(offset, sizeBytes, options);
  if (bytes.length === sizeBytes) return bytes;
  throw malformedError({ field: 'archive.member', offset, reason: 'the archive is cut off' });
}
