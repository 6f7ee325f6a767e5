import { ByteCursor } from '../bytes/byte-cursor.ts';
import type { ByteSource, ReadOptions } from '../bytes/byte-source.ts';
import { unsupportedError } from '../bytes/unsupported-error.ts';
import type { PeFile } from './pe-file.ts';
import { readCoffSections } from './read-coff-sections.ts';

const FILE_HEADER_BYTES = 24; // the signature and the COFF header
const PE32 = 0x10b;
const PE32_PLUS = 0x20b;

/** Reads the headers of a Windows image. Throws `BINARY_UNSUPPORTED` for 32-bit ones. Format: PE specification. */
export async function readPe(source: ByteSource, options: ReadOptions = {}): Promise<PeFile> {
  const dos = await readCursor(source, { offset: 0, length: 64 }, options);
  if (dos.u16('pe.dosMagic') !== 0x5a4d) throw dos.malformed('pe.dosMagic', 'not a Windows image');
  const offset = dos.seek(0x3c, 'pe.headerOffset').u32('pe.headerOffset');
  const header = await readCursor(source, { offset, length: FILE_HEADER_BYTES }, options);
  if (header.u32('pe.signature') !== 0x4550)
    throw header.malformed('pe.signature', 'not a PE image');
  const machine = header.u16('pe.machine');
  const count = header.u16('pe.sectionCount');
  const length = header.skip(12, 'pe.symbols').u16('pe.optionalHeaderSize');
  const optionalOffset = offset + FILE_HEADER_BYTES;
  const optional = await readCursor(source, { offset: optionalOffset, length }, options);
  const directories = parseDirectories(optional);
  const table = { offset: optionalOffset + length, count, stringTableOffset: undefined };
  return {
    machine,
    sections: await readCoffSections(source, table, options),
    imports: directories[IMPORT_DIRECTORY],
    delayImports: directories[DELAY_IMPORT_DIRECTORY],
  };
}

const IMPORT_DIRECTORY = 1;
const DELAY_IMPORT_DIRECTORY = 13;
const DIRECTORIES_MAXIMUM = 16;

/** Relative addresses by directory number. "Optional Header Data Directories": each is an address and a size. */
function parseDirectories(cursor: ByteCursor): (number | undefined)[] {
  const magic = cursor.u16('pe.optionalMagic');
  if (magic === PE32) throw unsupportedError('PE', 'a 32-bit image');
  if (magic !== PE32_PLUS) throw cursor.malformed('pe.optionalMagic', `unknown magic ${magic}`);
  const count = cursor.seek(108, 'pe.directoryCount').u32('pe.directoryCount');
  const directories: (number | undefined)[] = [];
  for (let index = 0; index < Math.min(count, DIRECTORIES_MAXIMUM); index += 1) {
    const address = cursor.u32('pe.directory');
    const size = cursor.u32('pe.directory');
    directories.push(address === 0 || size === 0 ? undefined : address);
  }
  return directories;
}

async function readCursor(
  source: ByteSource,
  range: { readonly offset: number; readonly length: number },
  options: ReadOptions,
): Promise<ByteCursor> {
  const bytes = await source.read(range.offset, range.length, options);
  return new ByteCursor(bytes, { baseOffset: range.offset });
}
