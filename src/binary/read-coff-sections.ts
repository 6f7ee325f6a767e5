import { ByteCursor } from '../bytes/byte-cursor.ts';
import type { ByteSource, ReadOptions } from '../bytes/byte-source.ts';
import { checkLimit } from '../bytes/check-limit.ts';
import { checkRange } from '../bytes/check-range.ts';
import { decodeText } from '../bytes/decode-text.ts';
import {
  SECTIONS_MAXIMUM,
  SECTION_NAMES_MAXIMUM_BYTES,
  SECTION_NAME_KEPT_BYTES,
} from './limits.ts';
import type { CoffSection } from './pe-file.ts';

const SECTION_BYTES = 40;

/** Reads a section table. Format: PE specification, "Section Table". */
export async function readCoffSections(
  source: ByteSource,
  table: {
    readonly offset: number;
    readonly count: number;
    /** Behind the symbols; undefined in images, where `/123` is a name like any other. */
    readonly stringTableOffset: number | undefined;
  },
  options: ReadOptions = {},
): Promise<CoffSection[]> {
  const { offset, count } = table;
  checkLimit('coff.sectionCount', count, SECTIONS_MAXIMUM);
  const range = { offset, length: count * SECTION_BYTES };
  checkRange(range, source.sizeBytes, 'coff.sections');
  const bytes = await source.read(range.offset, range.length, options);
  const cursor = new ByteCursor(bytes, { baseOffset: offset });
  const sections = Array.from({ length: count }, () => parseSection(cursor));
  if (!sections.some(({ name }) => name.startsWith('/'))) return sections;
  const strings = await readStringTable(source, table.stringTableOffset, options);
  if (strings === undefined) return sections;
  return sections.map((section) =>
    Object.assign(section, { name: resolveName(strings, section.name) }),
  );
}

function parseSection(cursor: ByteCursor): CoffSection {
  const name = cursor.bytes(8, 'coff.section.name');
  const end = name.indexOf(0);
  const memoryBytes = cursor.u32('coff.section.virtualSize');
  const address = cursor.u32('coff.section.address');
  const sizeBytes = cursor.u32('coff.section.size');
  const offset = cursor.u32('coff.section.offset');
  cursor.skip(16, 'coff.section.flags');
  const text = decodeText(end === -1 ? name : name.subarray(0, end));
  return { name: text, address, memoryBytes, offset, sizeBytes };
}

async function readStringTable(
  source: ByteSource,
  offset: number | undefined,
  options: ReadOptions,
): Promise<ByteCursor | undefined> {
  if (offset === undefined) return undefined;
  checkRange({ offset, length: 4 }, source.sizeBytes, 'coff.strings');
  const length = new ByteCursor(await source.read(offset, 4, options)).u32('coff.strings');
  checkRange({ offset, length }, source.sizeBytes, 'coff.strings');
  checkLimit('coff.strings', length, SECTION_NAMES_MAXIMUM_BYTES);
  return new ByteCursor(await source.read(offset, length, options), { baseOffset: offset });
}

/** `/123`: the name starts at byte 123 of the string table. */
function resolveName(strings: ByteCursor, name: string): string {
  if (!/^\/\d{1,7}$/.test(name)) return name;
  return strings.seek(Number(name.slice(1)), 'coff.section.name').peekText(SECTION_NAME_KEPT_BYTES);
}
