export interface CoffSection {
  /** Images cut names to 8 bytes (`.nv_fatb`); objects keep long ones in a string table. */
  readonly name: string;
  /** Relative to where the image is loaded; 0 in objects. */
  readonly address: number;
  /** In memory; 0 in objects. */
  readonly memoryBytes: number;
  readonly offset: number;
  /** In the file, padded in images to the file alignment. */
  readonly sizeBytes: number;
}

/** A 64-bit Windows image (`.exe`, `.dll`, `.node`) or object: what the headers say. */
export interface PeFile {
  /** IMAGE_FILE_MACHINE_*: 0x8664 x86-64, 0xaa64 AArch64. */
  readonly machine: number;
  readonly sections: readonly CoffSection[];
  /** Where the tables of imports are, by relative address. `undefined` when there are none. */
  readonly imports: number | undefined;
  readonly delayImports: number | undefined;
}
