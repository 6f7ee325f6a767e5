import { ELF_MACHINE_CUDA, ELF_SECTION_NO_BITS, type ElfFile } from '../binary/elf-file.ts';
import { readElf } from '../binary/read-elf.ts';
import { ByteCursor } from '../bytes/byte-cursor.ts';
import type { ByteSource, ReadOptions } from '../bytes/byte-source.ts';
import { checkLimit } from '../bytes/check-limit.ts';
import { checkRange } from '../bytes/check-range.ts';
import { malformedError } from '../bytes/malformed-error.ts';
import { unsupportedError } from '../bytes/unsupported-error.ts';
import type { Cubin, ToolkitVersion } from './cubin.ts';
import type { ImageTarget } from './fatbin-image.ts';
import { NOTE_MAXIMUM_BYTES } from './limits.ts';
import { parseCubinNotes, type CubinNotes } from './parse-cubin-notes.ts';

/** ABI 7, e_flags: the architecture needs its `a` features. */
const FLAG_ARCHITECTURE_SPECIFIC = 0x800;
/** Sections of kernels and of variables. Device code without a kernel but with variables is no stub. */
const CONTENT_SECTION = /^\.(?:text\.|nv\.global|nv\.constant|nv\.shared)/;
/** ABI 8, top byte of e_flags: made by the device link, without code. */
const LINKAGE_STUB = 5;

/**
 * Reads the ELF headers and notes of a cubin. Throws `BINARY_UNSUPPORTED` for an ABI that is not known.
 * NVIDIA does not publish the layout; it was read from the output of toolkits 11.8 to 13.1 and agrees with
 * LLVM's `ELF.h` (EF_CUDA_*).
 */
export async function readCubin(source: ByteSource, options: ReadOptions = {}): Promise<Cubin> {
  const elf = await readElf(source, options);
  if (elf.machine !== ELF_MACHINE_CUDA) {
    const reason = `machine ${elf.machine} is not CUDA`;
    throw malformedError({ field: 'cubin.machine', offset: 18, reason });
  }
  const abi = elf.abiVersion;
  const isEmpty = !elf.sections.some(({ name }) => CONTENT_SECTION.test(name));
  const isDebug = elf.sections.some(({ name }) => name === '.debug_info');
  if (abi === 7) {
    return {
      abi,
      target: {
        capability: elf.flags & 0xff,
        variant: (elf.flags & FLAG_ARCHITECTURE_SPECIFIC) === 0 ? undefined : 'a',
      },
      toolkit: toToolkit(elf.version),
      toolVersion: undefined,
      options: undefined,
      isDebug,
      isStub: isEmpty,
    };
  }
  if (abi !== 8) throw unsupportedError('cubin', `ABI ${abi}`);
  const notes = await readNotes(source, elf, options);
  return {
    abi,
    target: findTarget(elf, notes),
    toolkit: findToolkit(notes),
    toolVersion: /\bV\d+\.\d+\.\d+\b/.exec(notes.version ?? '')?.[0],
    options: notes.options,
    isDebug,
    isStub: elf.flags >>> 24 === LINKAGE_STUB && isEmpty,
  };
}

/** ABI 8 keeps the letter of the architecture in the options of ptxas alone. */
function findTarget(elf: ElfFile, notes: CubinNotes): ImageTarget {
  const capability = (elf.flags >>> 8) & 0xff;
  const letter = /(?:^|\s)-arch[= ]sm_\d+([af])\b/.exec(notes.options ?? '')?.[1];
  return { capability, variant: letter === 'a' || letter === 'f' ? letter : undefined };
}

/** CUDA 12.9 writes `.note.nv.cuver` without a version where 13.0 writes `.note.nv.cuinfo` with one. */
function findToolkit({ cudaVersion, version }: CubinNotes): ToolkitVersion | undefined {
  if (cudaVersion !== undefined) return toToolkit(cudaVersion);
  const match = /\brelease (\d{1,3})\.(\d{1,2})\b/.exec(version ?? '');
  return match === null ? undefined : { major: Number(match[1]), minor: Number(match[2]) };
}

/** 0x7c is 12.4. */
function toToolkit(value: number): ToolkitVersion | undefined {
  if (value < 50 || value > 999) return undefined;
  return { major: Math.floor(value / 10), minor: value % 10 };
}

const NOTE_SECTIONS = ['.note.nv.cuinfo', '.note.nv.tkinfo'] as const;

async function readNotes(
  source: ByteSource,
  elf: ElfFile,
  options: ReadOptions,
): Promise<CubinNotes> {
  const notes: CubinNotes = {};
  for (const wanted of NOTE_SECTIONS) {
    const section = elf.sections.find(({ name }) => name === wanted);
    if (section === undefined || section.type === ELF_SECTION_NO_BITS) continue;
    const { offset, sizeBytes: length } = section;
    checkLimit('cubin.note', length, NOTE_MAXIMUM_BYTES);
    checkRange({ offset, length }, source.sizeBytes, 'cubin.note');
    const bytes = await source.read(offset, length, options);
    Object.assign(notes, parseCubinNotes(new ByteCursor(bytes, { baseOffset: offset })));
  }
  return notes;
}
