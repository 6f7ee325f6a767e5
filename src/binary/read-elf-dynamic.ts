import { ByteCursor } from '../bytes/byte-cursor.ts';
import type { ByteSource, ReadOptions } from '../bytes/byte-source.ts';
import { checkLimit } from '../bytes/check-limit.ts';
import { checkRange } from '../bytes/check-range.ts';
import { malformedError } from '../bytes/malformed-error.ts';
import { ELF_SECTION_NO_BITS, type ElfFile } from './elf-file.ts';
import { DYNAMIC_ENTRIES_MAXIMUM, DYNAMIC_STRINGS_MAXIMUM_BYTES } from './limits.ts';

export interface DynamicEntry {
  /** DT_*. */
  readonly tag: number;
  readonly value: number;
}

/** What the dynamic linker reads: the tags, and the strings that they point into. */
export interface ElfDynamic {
  readonly entries: readonly DynamicEntry[];
  /** Over the whole string table: seek to an offset, then read the text. */
  readonly strings: ByteCursor;
}

const DT_STRTAB = 5;
const DT_STRSZ = 10;
const PT_LOAD = 1;
const PT_DYNAMIC = 2;
const SHT_DYNAMIC = 6;
const ENTRY_BYTES = 16;

/** Reads the dynamic table through the program headers, as the loader does. `undefined` when there is none. */
export async function readElfDynamic(
  source: ByteSource,
  elf: ElfFile,
  options: ReadOptions = {},
): Promise<ElfDynamic | undefined> {
  const range = findDynamicRange(elf);
  if (range === undefined) return undefined;
  checkRange(range, source.sizeBytes, 'elf.dynamic');
  checkLimit('elf.dynamicEntries', Math.floor(range.length / ENTRY_BYTES), DYNAMIC_ENTRIES_MAXIMUM);
  const entries = parseEntries(await source.read(range.offset, range.length, options));
  const length = findDynamicValue(entries, DT_STRSZ) ?? 0;
  const address = findDynamicValue(entries, DT_STRTAB);
  if (address === undefined || length === 0)
    return { entries, strings: new ByteCursor(new Uint8Array(1)) };
  const offset = resolveElfAddress(elf, address, 'elf.dynamicStrings');
  checkRange({ offset, length }, source.sizeBytes, 'elf.dynamicStrings');
  checkLimit('elf.dynamicStrings', length, DYNAMIC_STRINGS_MAXIMUM_BYTES);
  const strings = await source.read(offset, length, options);
  return { entries, strings: new ByteCursor(strings, { baseOffset: offset }) };
}

export function findDynamicValue(
  entries: readonly DynamicEntry[],
  tag: number,
): number | undefined {
  return entries.find((entry) => entry.tag === tag)?.value;
}

/** Where an address of the loaded file is in the file. */
export function resolveElfAddress(elf: ElfFile, address: number, field: string): number {
  for (const segment of elf.segments) {
    const into = address - segment.address;
    if (segment.type === PT_LOAD && into >= 0 && into < segment.fileBytes) {
      return segment.offset + into;
    }
  }
  throw malformedError({ field, offset: 0, reason: `address ${address} is in no segment` });
}

function findDynamicRange(elf: ElfFile): { offset: number; length: number } | undefined {
  const segment = elf.segments.find(({ type }) => type === PT_DYNAMIC);
  // A file of debug symbols alone has the segment, but its section holds no bytes.
  const section = elf.sections.find(({ name }) => name === '.dynamic');
  if (section?.type === ELF_SECTION_NO_BITS) return undefined;
  if (segment !== undefined) return { offset: segment.offset, length: segment.fileBytes };
  if (section?.type !== SHT_DYNAMIC) return undefined;
  return { offset: section.offset, length: section.sizeBytes };
}

function parseEntries(bytes: Uint8Array): DynamicEntry[] {
  const cursor = new ByteCursor(bytes);
  const entries: DynamicEntry[] = [];
  while (cursor.remainingBytes >= ENTRY_BYTES) {
    const tag = readRounded(cursor);
    if (tag === 0) break;
    entries.push({ tag, value: readRounded(cursor) });
  }
  return entries;
}

/** Values are addresses, sizes or flags; those above 2^53 are kept as they round, and belong to none we use. */
function readRounded(cursor: ByteCursor): number {
  const low = cursor.u32('elf.dynamic');
  return cursor.u32('elf.dynamic') * 2 ** 32 + low;
}
