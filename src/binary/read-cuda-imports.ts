import { ByteCursor } from '../bytes/byte-cursor.ts';
import type { ByteSource, ReadOptions } from '../bytes/byte-source.ts';
import { checkLimit } from '../bytes/check-limit.ts';
import { checkRange } from '../bytes/check-range.ts';
import type { ElfFile } from './elf-file.ts';
import { CUDA_IMPORTS_MAXIMUM, DYNAMIC_SYMBOLS_MAXIMUM } from './limits.ts';
import type { CudaImport } from './linked-libraries.ts';
import { findDynamicValue, resolveElfAddress, type ElfDynamic } from './read-elf-dynamic.ts';
import type { VersionNeed } from './read-version-needs.ts';

const DT_HASH = 4;
const DT_STRTAB = 5;
const DT_SYMTAB = 6;
const DT_VERSYM = 0x6ffffff0;
const SHT_DYNSYM = 11;
const SYMBOL_BYTES = 24;

/**
 * Lists the undefined symbols whose version is that of a CUDA runtime: its version node has the name of its
 * soname (`cudaMalloc@libcudart.so.13`). Symbols come in the order of the table.
 */
export async function readCudaImports(
  source: ByteSource,
  file: {
    readonly elf: ElfFile;
    readonly dynamic: ElfDynamic;
    readonly needs: readonly VersionNeed[];
  },
  options: ReadOptions = {},
): Promise<CudaImport[]> {
  const { elf, dynamic } = file;
  const runtimes = new Map<number, string>();
  for (const { version, index } of file.needs) {
    if (version.startsWith('libcudart.so.')) runtimes.set(index, version);
  }
  const symbolAddress = findDynamicValue(dynamic.entries, DT_SYMTAB);
  const versionAddress = findDynamicValue(dynamic.entries, DT_VERSYM);
  if (runtimes.size === 0 || symbolAddress === undefined || versionAddress === undefined) return [];
  const count = await countSymbols(source, file, { symbolAddress, options });
  checkLimit('elf.dynamicSymbols', count, DYNAMIC_SYMBOLS_MAXIMUM);
  const symbols = await readTable(source, options, {
    offset: resolveElfAddress(elf, symbolAddress, 'elf.dynamicSymbols'),
    length: count * SYMBOL_BYTES,
  });
  const versions = await readTable(source, options, {
    offset: resolveElfAddress(elf, versionAddress, 'elf.symbolVersions'),
    length: count * 2,
  });
  const imports: CudaImport[] = [];
  for (let index = 0; index < count; index += 1) {
    const library = runtimes.get(versions.u16('elf.symbolVersion') & 0x7fff);
    const nameOffset = symbols.u32('elf.symbol.name');
    // Section index 0: the symbol is not defined here.
    const section = symbols.skip(2, 'elf.symbol.info').u16('elf.symbol.section');
    symbols.skip(16, 'elf.symbol.value');
    if (library === undefined || section !== 0) continue;
    checkLimit('elf.cudaImports', imports.length + 1, CUDA_IMPORTS_MAXIMUM);
    const name = dynamic.strings.seek(nameOffset, 'elf.symbol.name').text('elf.symbol.name');
    imports.push({ name, library });
  }
  return imports;
}

/** The count stands in the section table or the old hash table. Without both, the strings follow the symbols. */
async function countSymbols(
  source: ByteSource,
  { elf, dynamic }: { readonly elf: ElfFile; readonly dynamic: ElfDynamic },
  context: { readonly symbolAddress: number; readonly options: ReadOptions },
): Promise<number> {
  const section = elf.sections.find(({ type }) => type === SHT_DYNSYM);
  if (section !== undefined) return Math.floor(section.sizeBytes / SYMBOL_BYTES);
  const hash = findDynamicValue(dynamic.entries, DT_HASH);
  if (hash !== undefined) {
    const offset = resolveElfAddress(elf, hash, 'elf.hash');
    const table = await readTable(source, context.options, { offset, length: 8 });
    return table.skip(4, 'elf.hash').u32('elf.hash');
  }
  const end = findDynamicValue(dynamic.entries, DT_STRTAB) ?? 0;
  return Math.max(0, Math.floor((end - context.symbolAddress) / SYMBOL_BYTES));
}

async function readTable(
  source: ByteSource,
  options: ReadOptions,
  range: { readonly offset: number; readonly length: number },
): Promise<ByteCursor> {
  checkRange(range, source.sizeBytes, 'elf.dynamicSymbols');
  const bytes = await source.read(range.offset, range.length, options);
  return new ByteCursor(bytes, { baseOffset: range.offset });
}
