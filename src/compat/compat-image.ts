import type { PtxIsaVersion } from '../units/ptx-isa-version.ts';
import type { ComputeCapability } from '../units/compute-capability.ts';

/** `sm_90a` and `compute_90a` are `{ capability: 90, variant: 'a' }`. */
export interface CompatTarget {
  readonly capability: ComputeCapability;
  /** `a`: this capability only. `f`: its family. */
  readonly variant: 'a' | 'f' | undefined;
}

/** What the rules need to know of an image. `FatbinImage` has it all. */
export interface CompatImage {
  readonly kind: 'sass' | 'ptx' | 'lto' | 'mercury' | 'unknown';
  readonly target: CompatTarget;
  /** Only for `ptx`. */
  readonly ptxIsa: PtxIsaVersion | undefined;
  readonly compression: 'none' | 'lz4' | 'lz4-frame' | 'zstd' | 'unknown';
  readonly payloadBytes: number;
  /** `undefined` when the payload is stored as it is. */
  readonly decompressedBytes: number | undefined;
  /** Set when it lies in an entry that holds several images (`nvcc --concat`). */
  readonly slice?: { readonly sizeBytes: number } | undefined;
}

/** What the rules need to know of a fatbin. `Fatbin` has it all. */
export interface CompatFatbin {
  readonly images: readonly CompatImage[];
  /** True for the container without kernels that nvcc's device link adds. */
  readonly isStub: boolean;
  /** `__nv_relfatbin` holds what device linking consumed; what it made is in `.nv_fatbin`. */
  readonly section?: string | undefined;
  /** How many fatbins with images of the same kinds it stands for; the sizes are then of all together. @defaultValue 1 */
  readonly count?: number | undefined;
}

/** The GPU code of one file, and what the file needs from the host beside it. */
export interface CompatCode {
  readonly fatbins: readonly CompatFatbin[];
  /** Of the CUDA runtime that the file uses: see `findRuntimeMajor`. `undefined`: none, or not known. */
  readonly runtimeMajor?: number | undefined;
}
