import type { Header } from 'tar/header';
import type { Pax } from 'tar/pax';
import type { ReadOptions } from '../bytes/byte-source.ts';
import { checkLimit } from '../bytes/check-limit.ts';
import { decodeText } from '../bytes/decode-text.ts';
import { malformedError } from '../bytes/malformed-error.ts';
import { ARCHIVE_MEMBERS_MAXIMUM, TAR_RECORD_MAXIMUM_BYTES } from './limits.ts';

/** Bytes of a header, and the step to which members are padded. */
export const TAR_BLOCK_BYTES = 512 as const;

/** Gives `length` bytes, or fewer only where the archive ends. */
export type TarRead = (offset: number, length: number, options: ReadOptions) => Promise<Uint8Array>;

export interface TarMember {
  readonly type: TarType;
  readonly name: string;
  /** Permission bits, as stated. */
  readonly mode: number;
  /** Empty but for links. */
  readonly linkTarget: string;
  /** Of the member's bytes, in the uncompressed archive. */
  readonly offset: number;
  readonly sizeBytes: number;
  /** Stored without its holes (GNU tar -S), so that its bytes are not where they seem to be. */
  readonly isSparse: boolean;
}

export type TarType = Header['type'];

/**
 * Goes through all members of a tar, of every type: ustar, GNU and pax. The headers themselves are parsed by the `tar`
 * package; it cannot skip over a source with random access. Throws `BINARY_MALFORMED`.
 */
export async function* readTarMembers(
  read: TarRead,
  options: ReadOptions = {},
): AsyncGenerator<TarMember, void, void> {
  const { Header: TarHeader } = await import('tar/header');
  const { Pax: TarPax } = await import('tar/pax');
  let extended: Extended = {};
  let at = 0;
  for (let count = 1; ; count += 1) {
    checkLimit('tar.members', count, ARCHIVE_MEMBERS_MAXIMUM);
    const block = Buffer.from(await read(at, TAR_BLOCK_BYTES, options));
    if (isEnd(block, at)) return;
    const header = parseHeader(() => new TarHeader(block, 0, extended.pax), at);
    let offset = at + TAR_BLOCK_BYTES;
    if (header.type === 'SparseFile')
      offset = await skipSparseMaps(read, { block, offset }, options);
    const { type, sizeBytes } = header;
    at = offset + Math.ceil(sizeBytes / TAR_BLOCK_BYTES) * TAR_BLOCK_BYTES;
    if (type === 'GlobalExtendedHeader') continue;
    if (!isRecord(type)) {
      const { name = header.name, linkTarget = header.linkTarget } = extended;
      const isSparse = type === 'SparseFile' || extended.isSparse === true;
      yield { ...header, name, linkTarget, offset, isSparse };
      extended = {};
      continue;
    }
    const text = await readRecord(read, { offset, sizeBytes }, options);
    const untilNul = text.replace(/\0[^]*$/, '');
    if (isLongName(type)) extended = { ...extended, name: untilNul };
    else if (type === LONG_LINK) extended = { ...extended, linkTarget: untilNul };
    else {
      const isSparse = /^\d+ GNU\.sparse\./m.test(text);
      extended = { ...extended, pax: TarPax.parse(text, extended.pax), isSparse };
    }
  }
}

/** What records say about the member that follows them. */
interface Extended {
  readonly pax?: Pax;
  readonly name?: string;
  readonly linkTarget?: string;
  readonly isSparse?: boolean;
}

const LONG_LINK = 'NextFileHasLongLinkpath';

type TarHeaderFacts = Pick<TarMember, 'type' | 'name' | 'mode' | 'linkTarget' | 'sizeBytes'>;

/** A block of zeros ends a tar; so does the end of the file, as some writers leave the zeros out. */
function isEnd(block: Buffer, offset: number): boolean {
  if (block.length === 0 && offset > 0) return true;
  if (block.length === TAR_BLOCK_BYTES) return offset > 0 && block.every((byte) => byte === 0);
  throw malformedError({ field: 'tar.header', offset, reason: 'the archive is cut off' });
}

function parseHeader(parse: () => Header, offset: number): TarHeaderFacts {
  const header = tryParse(parse, offset);
  if (!header.cksumValid) {
    throw malformedError({ field: 'tar.header', offset, reason: 'the checksum is wrong' });
  }
  const {
    type,
    path: name = '',
    size: sizeBytes = 0,
    mode = 0,
    linkpath: linkTarget = '',
  } = header;
  if (Number.isSafeInteger(sizeBytes) && sizeBytes >= 0) {
    return { type, name, mode, linkTarget, sizeBytes };
  }
  throw malformedError({ field: 'tar.size', offset, reason: `the size is ${sizeBytes}` });
}

/** The package throws plain errors for numbers out of range. */
function tryParse(parse: () => Header, offset: number): Header {
  try {
    return parse();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw malformedError({ field: 'tar.header', offset, reason });
  }
}

function isLongName(type: TarType): boolean {
  return type === 'NextFileHasLongPath' || type === 'OldGnuLongPath';
}

function isRecord(type: TarType): boolean {
  const isLong = isLongName(type) || type === LONG_LINK;
  return isLong || type === 'ExtendedHeader' || type === 'OldExtendedHeader';
}

async function readRecord(
  read: TarRead,
  { offset, sizeBytes }: { readonly offset: number; readonly sizeBytes: number },
  options: ReadOptions,
): Promise<string> {
  checkLimit('tar.record', sizeBytes, TAR_RECORD_MAXIMUM_BYTES);
  const bytes = await read(offset, sizeBytes, options);
  if (bytes.length === sizeBytes) return decodeText(bytes);
  throw malformedError({ field: 'tar.record', offset, reason: 'the archive is cut off' });
}

/** Old GNU sparse headers are followed by blocks that the size does not count: GNU tar manual, "Sparse Formats". */
async function skipSparseMaps(
  read: TarRead,
  { block, offset }: { readonly block: Buffer; readonly offset: number },
  options: ReadOptions,
): Promise<number> {
  let isContinued = block[482] === 1;
  let end = offset;
  while (isContinued) {
    checkLimit('tar.sparseMap', end - offset, TAR_RECORD_MAXIMUM_BYTES);
    const map = await read(end, TAR_BLOCK_BYTES, options);
    isContinued = map[504] === 1;
    end += TAR_BLOCK_BYTES;
  }
  return end;
}
