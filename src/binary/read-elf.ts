import { ByteCursor } from '../bytes/byte-cursor.ts';
import type { ByteSource, ReadOptions } from '../bytes/byte-source.ts';
import { checkLimit } from '../bytes/check-limit.ts';
import { checkRange } from '../bytes/check-range.ts';
import { unsupportedError } from '../bytes/unsupported-error.ts';
import { ELF_SECTION_NO_BITS, type ElfFile, type ElfSection, type ElfSegment } from './elf-file.ts';
import {
  SECTIONS_MAXIMUM,
  SECTION_NAME_KEPT_BYTES,
  SECTION_NAMES_MAXIMUM_BYTES,
  SEGMENTS_MAXIMUM,
} from './limits.ts';

/**
 * Reads the header, the section table and the program headers of an ELF file. Throws `BINARY_UNSUPPORTED` for
 * 32-bit and big-endian files. Format: System V ABI, chapter 4 and 5; `elf.h`.
 */
export async function readElf(source: ByteSource, options: ReadOptions = {}): Promise<ElfFile> {
  const header = parseElfHeader(await source.read(0, Math.min(64, source.sizeBytes), options));
  const { machine, type, osAbi, abiVersion, version, flags } = header;
  return {
    machine,
    type,
    osAbi,
    abiVersion,
    version,
    flags,
    sections: await readSections(source, header, options),
    segments: await readSegments(source, header, options),
  };
}

interface ElfHeader extends Omit<ElfFile, 'sections' | 'segments'> {
  readonly programOffset: number;
  readonly programEntryBytes: number;
  readonly programCount: number;
  readonly sectionOffset: number;
  readonly sectionEntryBytes: number;
  readonly sectionCount: number;
  readonly nameSection: number;
}

/** Parses the 64 bytes at the start of an ELF file. */
export function parseElfHeader(bytes: Uint8Array): ElfHeader {
  const cursor = new ByteCursor(bytes);
  if (cursor.u32('elf.magic') !== 0x464c457f)
    throw cursor.malformed('elf.magic', 'not an ELF file');
  const elfClass = cursor.u8('elf.class');
  if (elfClass === 1) throw unsupportedError('ELF', 'a 32-bit file');
  if (elfClass !== 2) throw cursor.malformed('elf.class', `unknown class ${elfClass}`);
  const order = cursor.u8('elf.data');
  if (order === 2) throw unsupportedError('ELF', 'a big-endian file');
  if (order !== 1) throw cursor.malformed('elf.data', `unknown byte order ${order}`);
  const osAbi = cursor.skip(1, 'elf.identVersion').u8('elf.osAbi');
  const abiVersion = cursor.u8('elf.abiVersion');
  const type = cursor.seek(16, 'elf.type').u16('elf.type');
  const machine = cursor.u16('elf.machine');
  const version = cursor.u32('elf.version');
  const programOffset = cursor.skip(8, 'elf.entry').u64('elf.programOffset');
  const sectionOffset = cursor.u64('elf.sectionOffset');
  const flags = cursor.u32('elf.flags');
  return {
    machine,
    type,
    osAbi,
    abiVersion,
    version,
    flags,
    programOffset,
    sectionOffset,
    programEntryBytes: cursor.skip(2, 'elf.headerSize').u16('elf.programEntrySize'),
    programCount: cursor.u16('elf.programCount'),
    sectionEntryBytes: cursor.u16('elf.sectionEntrySize'),
    sectionCount: cursor.u16('elf.sectionCount'),
    nameSection: cursor.u16('elf.nameSection'),
  };
}

const SECTION_ENTRY_BYTES = 64;
const SEGMENT_ENTRY_BYTES = 56;

async function readSections(
  source: ByteSource,
  header: ElfHeader,
  options: ReadOptions,
): Promise<ElfSection[]> {
  const { sectionOffset, sectionEntryBytes } = header;
  if (sectionOffset === 0) return [];
  checkEntrySize('elf.sectionEntrySize', sectionEntryBytes, SECTION_ENTRY_BYTES);
  checkRange(
    { offset: sectionOffset, length: sectionEntryBytes },
    source.sizeBytes,
    'elf.sections',
  );
  const first = parseSection(await source.read(sectionOffset, SECTION_ENTRY_BYTES, options));
  // Too many for the header's 16 bits: the first entry holds the count and the index of the names.
  const count = header.sectionCount === 0 ? first.sizeBytes : header.sectionCount;
  checkLimit('elf.sectionCount', count, SECTIONS_MAXIMUM);
  const field = 'elf.sections';
  const table = { field, offset: sectionOffset, entryBytes: sectionEntryBytes, count };
  const entries = await readTable(source, options, table);
  const names = entries[header.nameSection === 0xffff ? first.link : header.nameSection];
  const nameTable = names && (await readNameTable(source, options, parseSection(names)));
  return entries.map((entry) => parseSection(entry, nameTable));
}

/** A section table may lack names: then all are empty. */
function parseSection(bytes: Uint8Array, nameTable?: ByteCursor): ElfSection {
  const cursor = new ByteCursor(bytes);
  const nameOffset = cursor.u32('elf.section.name');
  return {
    name: nameTable?.seek(nameOffset, 'elf.section.name').peekText(SECTION_NAME_KEPT_BYTES) ?? '',
    type: cursor.u32('elf.section.type'),
    flags: readLow32(cursor, 'elf.section.flags'),
    address: readAddress(cursor, 'elf.section.address'),
    offset: cursor.u64('elf.section.offset'),
    sizeBytes: cursor.u64('elf.section.size'),
    link: cursor.u32('elf.section.link'),
  };
}

async function readNameTable(
  source: ByteSource,
  options: ReadOptions,
  { offset, sizeBytes: length, type }: ElfSection,
): Promise<ByteCursor | undefined> {
  if (length === 0 || type === ELF_SECTION_NO_BITS) return undefined;
  checkRange({ offset, length }, source.sizeBytes, 'elf.sectionNames');
  checkLimit('elf.sectionNames', length, SECTION_NAMES_MAXIMUM_BYTES);
  return new ByteCursor(await source.read(offset, length, options), { baseOffset: offset });
}

async function readSegments(
  source: ByteSource,
  header: ElfHeader,
  options: ReadOptions,
): Promise<ElfSegment[]> {
  const { programOffset: offset, programEntryBytes: entryBytes, programCount: count } = header;
  if (offset === 0 || count === 0) return [];
  checkEntrySize('elf.programEntrySize', entryBytes, SEGMENT_ENTRY_BYTES);
  checkLimit('elf.programCount', count, SEGMENTS_MAXIMUM);
  const table = { field: 'elf.programHeaders', offset, entryBytes, count };
  return (await readTable(source, options, table)).map((entry) => {
    const cursor = new ByteCursor(entry);
    const type = cursor.u32('elf.segment.type');
    const fileOffset = cursor.skip(4, 'elf.segment.flags').u64('elf.segment.offset');
    const address = readAddress(cursor, 'elf.segment.address');
    const fileBytes = cursor.skip(8, 'elf.segment.physicalAddress').u64('elf.segment.fileSize');
    return { type, offset: fileOffset, address, fileBytes };
  });
}

interface TableRange {
  readonly field: string;
  readonly offset: number;
  readonly entryBytes: number;
  readonly count: number;
}

async function readTable(
  source: ByteSource,
  options: ReadOptions,
  { field, offset, entryBytes, count }: TableRange,
): Promise<Uint8Array[]> {
  const length = count * entryBytes;
  checkRange({ offset, length }, source.sizeBytes, field);
  const bytes = await source.read(offset, length, options);
  return Array.from({ length: count }, (_, index) =>
    bytes.subarray(index * entryBytes, (index + 1) * entryBytes),
  );
}

function checkEntrySize(field: string, found: number, needed: number): void {
  // Larger entries would be a later version of ELF, read by their known part.
  if (found >= needed) return;
  throw new ByteCursor(new Uint8Array(0)).malformed(field, `${found} bytes, ${needed} needed`);
}

/** The low half of a 64-bit field of flags: those above are for processors and operating systems. */
function readLow32(cursor: ByteCursor, field: string): number {
  const low = cursor.u32(field);
  cursor.skip(4, field);
  return low;
}

/** Addresses of executables that sit in the upper half of memory (kernels) are kept as they round. */
function readAddress(cursor: ByteCursor, field: string): number {
  const low = cursor.u32(field);
  return cursor.u32(field) * 2 ** 32 + low;
}
