import { ByteCursor } from '../bytes/byte-cursor.ts';
import type { ByteSource, ReadOptions } from '../bytes/byte-source.ts';
import type { PeFile } from './pe-file.ts';
import { readCoffSections } from './read-coff-sections.ts';

const HEADER_BYTES = 20;
const SYMBOL_BYTES = 18;

/** Reads the section table of a Windows object (`.obj`). Format: PE specification, "COFF File Header". */
export async function readCoffObject(
  source: ByteSource,
  options: ReadOptions = {},
): Promise<PeFile> {
  const cursor = new ByteCursor(await source.read(0, HEADER_BYTES, options));
  const machine = cursor.u16('coff.machine');
  const count = cursor.u16('coff.sectionCount');
  const symbolOffset = cursor.skip(4, 'coff.time').u32('coff.symbolOffset');
  const symbolCount = cursor.u32('coff.symbolCount');
  const optionalBytes = cursor.u16('coff.optionalHeaderSize');
  const sections = await readCoffSections(
    source,
    {
      offset: HEADER_BYTES + optionalBytes,
      count,
      stringTableOffset: symbolOffset === 0 ? undefined : symbolOffset + symbolCount * SYMBOL_BYTES,
    },
    options,
  );
  return { machine, sections, imports: undefined, delayImports: undefined };
}
