/** `unknown` keeps its number in `rawKind`: NVIDIA adds kinds (index, relocation, Tile IR) without a published list. */
export type ImageKind = 'sass' | 'ptx' | 'lto' | 'mercury' | 'unknown';

/** `unknown` is a compression that no decoder here knows, such as the oldest scheme (flag 0x1000). */
export type ImageCompression = 'none' | 'lz4' | 'lz4-frame' | 'zstd' | 'unknown';

/** The GPU architecture that an image was compiled for: `sm_90a` is `{ capability: 90, variant: 'a' }`. */
export interface ImageTarget {
  /** Compute capability as major * 10 + minor. */
  readonly capability: number;
  /** `a`: this capability only. `f`: its family. */
  readonly variant: 'a' | 'f' | undefined;
}

/** A PTX language version, as `.version 9.1` states it. */
export interface PtxIsa {
  readonly major: number;
  readonly minor: number;
}

/** One entry of a fatbin: GPU code for one target. All offsets are absolute in the source that was read. */
export interface FatbinImage {
  readonly kind: ImageKind;
  /** The kind as the entry header states it. 0 for a raw cubin or PTX file. */
  readonly rawKind: number;
  readonly target: ImageTarget;
  /** Only for `ptx`. */
  readonly ptxIsa: PtxIsa | undefined;
  readonly compression: ImageCompression;
  /**
   * Where it is in what the payload decodes to, if several images were compressed as one (`nvcc --concat`): offset,
   * payload and sizes of those are that of the entry. Otherwise the payload is this image.
   */
  readonly slice: { readonly offset: number; readonly sizeBytes: number } | undefined;
  /** Where the entry header starts; the payload's own offset for a raw cubin or PTX file. */
  readonly offset: number;
  readonly payloadOffset: number;
  /** Exact bytes of the payload as stored: compressed ones if it is compressed, padding left out. */
  readonly payloadBytes: number;
  /** `undefined` when the payload is stored as it is. */
  readonly decompressedBytes: number | undefined;
  /** The low 32 bits of the entry's flags: no higher bit is known. */
  readonly flags: number;
  readonly is64Bit: boolean;
  /** Compiled with `-G`. */
  readonly isDebug: boolean;
  /** The source file's name; written by `-g`, `-lineinfo` and `--ident` only. */
  readonly objectName: string | undefined;
  /** PTX: the `-Xptxas` options to compile it with. */
  readonly options: string | undefined;
}
