import type { FileFormat } from '../binary/detect-format.ts';
import type { LinkedLibraries } from '../binary/linked-libraries.ts';
import type { ToolkitVersion } from './cubin.ts';
import type { Fatbin } from './fatbin.ts';
import type { PtxIsa } from './fatbin-image.ts';

/** What tells the toolkit that a binary was built with, the best first. */
export interface ToolkitFacts {
  /** A toolkit writes one version of PTX, and none writes an older one. */
  readonly highestPtxIsa: PtxIsa | undefined;
  /** Of the smallest SASS image that could be read: stored ones, and with `isDeep` also compressed ones. */
  readonly cubinToolkit: ToolkitVersion | undefined;
  /** Of the CUDA runtime library that is needed; not known when it is linked in. */
  readonly cudartMajor: number | undefined;
}

/** The GPU code in one file, and what the file needs to be loaded. */
export interface GpuCode {
  readonly format: FileFormat;
  readonly sizeBytes: number;
  /** Of the host code. `undefined` for GPU code alone, for archives and for other processors. */
  readonly architecture: 'x86-64' | 'aarch64' | undefined;
  /** A raw cubin or PTX file is one fatbin with one image. */
  readonly fatbins: readonly Fatbin[];
  /** Of archives and GPU code alone: none. */
  readonly libraries: LinkedLibraries;
  readonly toolkit: ToolkitFacts;
}
