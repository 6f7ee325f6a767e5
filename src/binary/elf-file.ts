/** `e_machine` of GPU code: EM_CUDA. */
export const ELF_MACHINE_CUDA = 190 as const;
export const ELF_MACHINE_X86_64 = 62 as const;
export const ELF_MACHINE_AARCH64 = 183 as const;

/** Section without bytes in the file: SHT_NOBITS. */
export const ELF_SECTION_NO_BITS = 8 as const;

export interface ElfSection {
  readonly name: string;
  /** SHT_*. */
  readonly type: number;
  readonly flags: number;
  readonly address: number;
  readonly offset: number;
  /** In memory; a section of type `ELF_SECTION_NO_BITS` has none in the file. */
  readonly sizeBytes: number;
  readonly link: number;
}

export interface ElfSegment {
  /** PT_*. */
  readonly type: number;
  readonly offset: number;
  readonly address: number;
  readonly fileBytes: number;
}

/** A 64-bit little-endian ELF file: what the headers say. Ranges are checked against the source where they are used. */
export interface ElfFile {
  readonly machine: number;
  /** ET_*: 1 object, 2 executable, 3 shared. */
  readonly type: number;
  readonly osAbi: number;
  readonly abiVersion: number;
  /** `e_version`: 1, but in cubins of ABI 7 the toolkit. */
  readonly version: number;
  readonly flags: number;
  /** Empty when the section table was stripped. */
  readonly sections: readonly ElfSection[];
  readonly segments: readonly ElfSegment[];
}
