import { ByteCursor } from '../bytes/byte-cursor.ts';
import type { ByteSource, ReadOptions } from '../bytes/byte-source.ts';
import { checkLimit } from '../bytes/check-limit.ts';
import { checkRange } from '../bytes/check-range.ts';
import { decodeText } from '../bytes/decode-text.ts';
import { malformedError } from '../bytes/malformed-error.ts';
import { unsupportedError } from '../bytes/unsupported-error.ts';
import {
  ARCHIVE_MEMBERS_MAXIMUM,
  ARCHIVE_NAMES_MAXIMUM_BYTES,
  ARCHIVE_NAME_MAXIMUM_BYTES,
} from './limits.ts';

export interface ArchiveMember {
  readonly name: string;
  /** Of the member's bytes, absolute in the archive. */
  readonly offset: number;
  readonly sizeBytes: number;
}

const MAGIC_BYTES = 8;
const HEADER_BYTES = 60;

/**
 * Goes through the members of an `ar` archive (`.a`, `.lib`), without its symbol tables. Names may be short, of the
 * GNU kind (`/123` into the member `//`) or of the BSD kind (`#1/20`, in front of the bytes).
 * Format: `ar.h`; PE specification, "Archive (Library) File Format".
 */
export async function* readArchiveMembers(
  source: ByteSource,
  options: ReadOptions = {},
): AsyncGenerator<ArchiveMember, void, void> {
  const magic = decodeText(await source.read(0, Math.min(MAGIC_BYTES, source.sizeBytes), options));
  if (magic === '!<thin>\n')
    throw unsupportedError('ar', 'a thin archive: its members are other files');
  if (magic !== '!<arch>\n') {
    throw malformedError({ field: 'ar.magic', offset: 0, reason: 'not an archive' });
  }
  let longNames = new ByteCursor(new Uint8Array(0));
  let count = 0;
  // Every round passes a header, so the loop ends with the source. A lone line feed may pad the end.
  for (let at = MAGIC_BYTES; at + 1 < source.sizeBytes;) {
    checkRange({ offset: at, length: HEADER_BYTES }, source.sizeBytes, 'ar.header');
    const header = await source.read(at, HEADER_BYTES, options);
    const { name, sizeBytes } = parseMemberHeader(header, at);
    const offset = at + HEADER_BYTES;
    checkRange({ offset, length: sizeBytes }, source.sizeBytes, 'ar.size');
    checkLimit('ar.members', (count += 1), ARCHIVE_MEMBERS_MAXIMUM);
    if (name === '//') {
      checkLimit('ar.longNames', sizeBytes, ARCHIVE_NAMES_MAXIMUM_BYTES);
      longNames = new ByteCursor(await source.read(offset, sizeBytes, options), {
        baseOffset: offset,
      });
    } else if (!isSymbolTable(name)) {
      const member = await resolveName(source, { name, offset, sizeBytes }, { longNames, options });
      if (!member.name.startsWith('__.SYMDEF')) yield member;
    }
    // Members start on even bytes.
    at = offset + sizeBytes + (sizeBytes % 2);
  }
}

function parseMemberHeader(bytes: Uint8Array, offset: number): { name: string; sizeBytes: number } {
  const name = decodeText(bytes.subarray(0, 16)).trimEnd();
  const size = decodeText(bytes.subarray(48, 58)).trimEnd();
  const end = decodeText(bytes.subarray(58));
  if (end !== '`\n' || !/^\d{1,10}$/.test(size)) {
    throw malformedError({ field: 'ar.header', offset, reason: 'not a member header' });
  }
  return { name, sizeBytes: Number(size) };
}

/** GNU's and Microsoft's symbol tables, the 64-bit one, and the tables of ARM64EC libraries. */
function isSymbolTable(name: string): boolean {
  return name === '/' || name === '/SYM64/' || name.startsWith('/<');
}

async function resolveName(
  source: ByteSource,
  member: ArchiveMember,
  context: { readonly longNames: ByteCursor; readonly options: ReadOptions },
): Promise<ArchiveMember> {
  const { name, offset, sizeBytes } = member;
  if (/^\/\d+$/.test(name)) {
    const long = context.longNames.seek(Number(name.slice(1)), 'ar.longName');
    // GNU ends names with a slash and a line feed, Microsoft with a NUL.
    const text = long.peekText(ARCHIVE_NAME_MAXIMUM_BYTES).split('\n', 1)[0] ?? '';
    return { name: text.replace(/\/$/, ''), offset, sizeBytes };
  }
  if (!/^#1\/\d+$/.test(name)) return { name: name.replace(/\/$/, ''), offset, sizeBytes };
  const length = Number(name.slice(3));
  checkLimit('ar.nameSize', length, ARCHIVE_NAME_MAXIMUM_BYTES);
  checkRange({ offset, length }, offset + sizeBytes, 'ar.nameSize');
  const text = decodeText(await source.read(offset, length, context.options));
  return {
    name: text.replace(/\0+$/, ''),
    offset: offset + length,
    sizeBytes: sizeBytes - length,
  };
}
