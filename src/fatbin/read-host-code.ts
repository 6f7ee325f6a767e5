import type { FileFormat } from '../binary/detect-format.ts';
import { isBigCoff } from '../binary/detect-format.ts';
import {
  ELF_MACHINE_AARCH64,
  ELF_MACHINE_X86_64,
  ELF_SECTION_NO_BITS,
  type ElfFile,
} from '../binary/elf-file.ts';
import type { PeFile } from '../binary/pe-file.ts';
import { noLibraries, type LinkedLibraries } from '../binary/linked-libraries.ts';
import { readCoffObject } from '../binary/read-coff-object.ts';
import { readElf } from '../binary/read-elf.ts';
import { readElfLibraries } from '../binary/read-elf-libraries.ts';
import { readPe } from '../binary/read-pe.ts';
import { readPeLibraries } from '../binary/read-pe-libraries.ts';
import type { ByteSource } from '../bytes/byte-source.ts';
import { unsupportedError } from '../bytes/unsupported-error.ts';
import type { Fatbin } from './fatbin.ts';
import type { GpuCode } from './gpu-code.ts';
import type { FatbinOptions } from './read-fatbin.ts';
import { mayHoldStubs } from './may-hold-stubs.ts';
import { readFatbinSection, type FatbinSection } from './read-fatbin-section.ts';
import { readLoneImage } from './read-lone-image.ts';
import { scanForFatbins } from './scan-for-fatbins.ts';

export type HostCode = Pick<GpuCode, 'architecture' | 'fatbins' | 'libraries'>;
export type HostFormat = Extract<FileFormat, 'elf' | 'pe' | 'coff' | 'fatbin' | 'cubin' | 'ptx'>;

/** Reads the GPU code of one file that is no archive. */
export async function readHostCode(
  source: ByteSource,
  format: HostFormat,
  options: FatbinOptions = {},
): Promise<HostCode> {
  const whole = { offset: 0, sizeBytes: source.sizeBytes };
  switch (format) {
    case 'elf':
      return readElfCode(source, options);
    case 'pe':
      return readPeCode(source, options);
    case 'coff':
      return withoutLibraries(await readCoffCode(source, options));
    case 'fatbin':
      return withoutLibraries(
        await readFatbinSection(source, { ...whole, name: undefined }, options),
      );
    case 'cubin':
    case 'ptx':
      return withoutLibraries([await readLoneImage(source, format, options)]);
    default:
      return format satisfies never;
  }
}

function withoutLibraries(fatbins: readonly Fatbin[]): HostCode {
  return { architecture: undefined, fatbins, libraries: noLibraries };
}

/**
 * `.nv_fatbin` is what programs register; `__nv_relfatbin` holds what relocatable device code was linked from.
 * Images of Windows cut names to 8 bytes.
 */
const FATBIN_SECTIONS: ReadonlySet<string> = new Set([
  '.nv_fatbin',
  '__nv_relfatbin',
  '.nv_fatb',
  '__nv_rel',
]);
const ELF_TYPE_OBJECT = 1;
const ELF_FLAG_COMPRESSED = 0x800;
const ELF_SEGMENT_LOAD = 1;

async function readElfCode(source: ByteSource, options: FatbinOptions): Promise<HostCode> {
  const elf = await readElf(source, options);
  const libraries = await readElfLibraries(source, elf, options);
  const sections = elf.sections.filter(
    ({ name, type }) => FATBIN_SECTIONS.has(name) && type !== ELF_SECTION_NO_BITS,
  );
  if (sections.some(({ flags }) => (flags & ELF_FLAG_COMPRESSED) !== 0)) {
    throw unsupportedError('ELF', 'a compressed section of GPU code');
  }
  const isScanned = sections.length === 0 && elf.type !== ELF_TYPE_OBJECT;
  const fatbins = isScanned
    ? await scanSegments(source, elf, options)
    : await readSections(source, sections, await withStubHint(source, elf.sections, options));
  return { architecture: findElfArchitecture(elf.machine), fatbins, libraries };
}

async function readPeCode(source: ByteSource, options: FatbinOptions): Promise<HostCode> {
  const pe = await readPe(source, options);
  const libraries: LinkedLibraries = await readPeLibraries(source, pe, options);
  const sections = pe.sections.filter(({ name }) => FATBIN_SECTIONS.has(name));
  const fatbins =
    sections.length === 0
      ? await scanForFatbins(source, { offset: 0, sizeBytes: source.sizeBytes }, options)
      : await readSections(source, sections, await withStubHint(source, pe.sections, options));
  return { architecture: findCoffArchitecture(pe.machine), fatbins, libraries };
}

async function readCoffCode(source: ByteSource, options: FatbinOptions): Promise<Fatbin[]> {
  if (isBigCoff(await source.read(0, Math.min(8, source.sizeBytes), options))) {
    return scanForFatbins(source, { offset: 0, sizeBytes: source.sizeBytes }, options);
  }
  const { sections } = await readCoffObject(source, options);
  const own = sections.filter(({ name }) => FATBIN_SECTIONS.has(name));
  return readSections(source, own, options);
}

/** To tell a stub, an image must be decoded: thousands of small ones in a cuBLASLt, if it cannot be ruled out first. */
async function withStubHint(
  source: ByteSource,
  sections: ElfFile['sections'] | PeFile['sections'],
  options: FatbinOptions,
): Promise<FatbinOptions> {
  return { ...options, mayHoldStubs: await mayHoldStubs(source, sections, options) };
}

async function readSections(
  source: ByteSource,
  sections: readonly FatbinSection[],
  options: FatbinOptions,
): Promise<Fatbin[]> {
  const fatbins: Fatbin[] = [];
  for (const section of sections) {
    fatbins.push(...(await readFatbinSection(source, section, options)));
  }
  return fatbins;
}

/** GPU code that is used must be loaded, so only loaded bytes are searched; all of them when nothing says which. */
async function scanSegments(
  source: ByteSource,
  elf: ElfFile,
  options: FatbinOptions,
): Promise<Fatbin[]> {
  const loaded = elf.segments.filter(({ type }) => type === ELF_SEGMENT_LOAD);
  const ends = loaded.map(({ offset, fileBytes }) => offset + fileBytes);
  const end = loaded.length === 0 ? source.sizeBytes : Math.max(...ends);
  return scanForFatbins(source, { offset: 0, sizeBytes: Math.min(end, source.sizeBytes) }, options);
}

function findElfArchitecture(machine: number): HostCode['architecture'] {
  if (machine === ELF_MACHINE_X86_64) return 'x86-64';
  return machine === ELF_MACHINE_AARCH64 ? 'aarch64' : undefined;
}

function findCoffArchitecture(machine: number): HostCode['architecture'] {
  if (machine === 0x8664) return 'x86-64';
  return machine === 0xaa64 ? 'aarch64' : undefined;
}
