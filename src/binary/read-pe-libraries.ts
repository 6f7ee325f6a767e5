import { ByteCursor } from '../bytes/byte-cursor.ts';
import type { ByteSource, ReadOptions } from '../bytes/byte-source.ts';
import { checkLimit } from '../bytes/check-limit.ts';
import { malformedError } from '../bytes/malformed-error.ts';
import { unsupportedError } from '../bytes/unsupported-error.ts';
import { IMPORTED_LIBRARIES_MAXIMUM, IMPORT_NAME_MAXIMUM_BYTES } from './limits.ts';
import { noLibraries, type LinkedLibraries } from './linked-libraries.ts';
import type { PeFile } from './pe-file.ts';

/** Reads the names of the DLLs that an image imports, at once or at first use. */
export async function readPeLibraries(
  source: ByteSource,
  pe: PeFile,
  options: ReadOptions = {},
): Promise<LinkedLibraries> {
  return {
    ...noLibraries,
    needed: await readNames(source, pe, { ...importTable, address: pe.imports, options }),
    delayLoaded: await readNames(source, pe, {
      ...delayImportTable,
      address: pe.delayImports,
      options,
    }),
  };
}

interface ImportTable {
  readonly entryBytes: number;
  /** Where an entry has the address of its name. An entry without one ends the table. */
  readonly nameAt: number;
  /** Whether addresses may be absolute: old delay imports, marked by a 0 in their first field. */
  readonly hasAttributes: boolean;
}

/** PE specification, "Import Directory Table". */
const importTable: ImportTable = { entryBytes: 20, nameAt: 12, hasAttributes: false };
/** PE specification, "The Delay-Load Directory Table". */
const delayImportTable: ImportTable = { entryBytes: 32, nameAt: 4, hasAttributes: true };

interface TablePlace extends ImportTable {
  readonly address: number | undefined;
  readonly options: ReadOptions;
}

async function readNames(source: ByteSource, pe: PeFile, table: TablePlace): Promise<string[]> {
  const { address, entryBytes, nameAt, hasAttributes, options } = table;
  if (address === undefined) return [];
  const start = resolveAddress(pe, address, 'pe.imports');
  const names: string[] = [];
  for (;;) {
    const offset = start + names.length * entryBytes;
    const cursor = new ByteCursor(await source.read(offset, entryBytes, options), {
      baseOffset: offset,
    });
    const attributes = cursor.u32('pe.import');
    const nameAddress = cursor.seek(nameAt, 'pe.importName').u32('pe.importName');
    if (nameAddress === 0) return names;
    if (hasAttributes && (attributes & 1) === 0) {
      throw unsupportedError('PE', 'delay imports with absolute addresses');
    }
    checkLimit('pe.imports', names.length + 1, IMPORTED_LIBRARIES_MAXIMUM);
    names.push(await readName(source, resolveAddress(pe, nameAddress, 'pe.importName'), options));
  }
}

async function readName(source: ByteSource, offset: number, options: ReadOptions): Promise<string> {
  const length = Math.max(0, Math.min(IMPORT_NAME_MAXIMUM_BYTES, source.sizeBytes - offset));
  const bytes = await source.read(offset, length, options);
  return new ByteCursor(bytes, { baseOffset: offset }).text('pe.importName');
}

/** Where a relative address of the loaded image is in the file. */
function resolveAddress(pe: PeFile, address: number, field: string): number {
  for (const section of pe.sections) {
    const into = address - section.address;
    if (into >= 0 && into < section.sizeBytes) return section.offset + into;
  }
  throw malformedError({ field, offset: 0, reason: `address ${address} is in no section` });
}
