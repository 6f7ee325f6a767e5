import { ByteCursor } from '../bytes/byte-cursor.ts';
import type { ByteSource, ReadOptions } from '../bytes/byte-source.ts';
import { checkLimit } from '../bytes/check-limit.ts';
import type { ElfFile } from './elf-file.ts';
import { VERSION_NEEDS_MAXIMUM } from './limits.ts';
import { findDynamicValue, resolveElfAddress, type ElfDynamic } from './read-elf-dynamic.ts';

/** One version that a file requires of a library: `GLIBC_2.34` of `libc.so.6`. */
export interface VersionNeed {
  readonly library: string;
  readonly version: string;
  /** How the symbol table refers to it. */
  readonly index: number;
}

const DT_VERNEED = 0x6ffffffe;
const DT_VERNEEDNUM = 0x6fffffff;

/**
 * Reads `.gnu.version_r`: a chain of libraries, each with a chain of versions. Both chains only go forward,
 * so they end. Format: Linux Standard Base, "Symbol Versioning".
 */
export async function readVersionNeeds(
  source: ByteSource,
  { elf, dynamic }: { readonly elf: ElfFile; readonly dynamic: ElfDynamic },
  options: ReadOptions = {},
): Promise<VersionNeed[]> {
  const address = findDynamicValue(dynamic.entries, DT_VERNEED);
  const libraryCount = findDynamicValue(dynamic.entries, DT_VERNEEDNUM) ?? 0;
  if (address === undefined || libraryCount === 0) return [];
  checkLimit('elf.versionNeeds', libraryCount, VERSION_NEEDS_MAXIMUM);
  const offset = resolveElfAddress(elf, address, 'elf.versionNeeds');
  // The size is written nowhere but in the section table: entries of 16 bytes are read up to the limit.
  const length = Math.min(source.sizeBytes - offset, NEED_BYTES * 2 * VERSION_NEEDS_MAXIMUM);
  const reader = new NeedReader(source, { offset, length, options });
  const needs: VersionNeed[] = [];
  let at = 0;
  for (let index = 0; index < libraryCount; index += 1) {
    const cursor = await reader.at(at);
    const versionCount = cursor.skip(2, 'elf.verneed.version').u16('elf.verneed.count');
    const file = cursor.u32('elf.verneed.file');
    const auxiliary = cursor.u32('elf.verneed.aux');
    const next = cursor.u32('elf.verneed.next');
    checkLimit('elf.versionNeeds', needs.length + versionCount, VERSION_NEEDS_MAXIMUM);
    const library = readString(dynamic, file);
    const chain = { library, at: at + auxiliary, count: versionCount };
    needs.push(...(await readVersions(reader, dynamic, chain)));
    if (next === 0) break;
    at += next;
  }
  return needs;
}

const NEED_BYTES = 16;

class NeedReader {
  readonly #source: ByteSource;
  readonly #range: { readonly offset: number; readonly length: number };
  readonly #options: ReadOptions;

  constructor(
    source: ByteSource,
    range: { readonly offset: number; readonly length: number; readonly options: ReadOptions },
  ) {
    this.#source = source;
    this.#range = range;
    this.#options = range.options;
  }

  async at(position: number): Promise<ByteCursor> {
    const { offset, length } = this.#range;
    const left = Math.max(0, Math.min(NEED_BYTES, length - position));
    const bytes = await this.#source.read(offset + Math.min(position, length), left, this.#options);
    return new ByteCursor(bytes, { baseOffset: offset + position });
  }
}

async function readVersions(
  reader: NeedReader,
  dynamic: ElfDynamic,
  chain: { readonly library: string; readonly at: number; readonly count: number },
): Promise<VersionNeed[]> {
  const versions: VersionNeed[] = [];
  let at = chain.at;
  for (let index = 0; index < chain.count; index += 1) {
    const cursor = await reader.at(at);
    // The hash is of the name; the top bit of the index hides a symbol.
    const other = cursor.skip(6, 'elf.vernaux.hash').u16('elf.vernaux.other') & 0x7fff;
    const version = readString(dynamic, cursor.u32('elf.vernaux.name'));
    versions.push({ library: chain.library, version, index: other });
    const next = cursor.u32('elf.vernaux.next');
    if (next === 0) break;
    at += next;
  }
  return versions;
}

function readString({ strings }: ElfDynamic, offset: number): string {
  return strings.seek(offset, 'elf.dynamicString').text('elf.dynamicString');
}
