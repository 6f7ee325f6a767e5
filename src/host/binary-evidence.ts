import type { LinkedLibraries } from '../binary/linked-libraries.ts';
import type { CompatCode } from '../compat/compat-image.ts';

/** What the rules need of a binary, without the binary: small enough to be kept in a snapshot. */
export interface BinaryEvidence {
  /** As `FileReport.format` has it: `elf`, `pe`. */
  readonly format: string;
  readonly sizeBytes: number;
  /** Of the host code; `undefined` for other processors. */
  readonly architecture: 'x86-64' | 'aarch64' | undefined;
  /** For `checkCompatibility`. */
  readonly code: CompatCode;
  readonly libraries: Pick<
    LinkedLibraries,
    'needed' | 'soname' | 'rpath' | 'runpath' | 'glibc' | 'glibcxx'
  >;
  /** The CUDA toolkit that built it: `13.1`, or `12.5 or 12.6`. */
  readonly toolkit: string | undefined;
}

/** What came of reading one binary: evidence, or the reason why there is none. */
export type BinaryReading =
  | { readonly evidence: BinaryEvidence; readonly problem?: undefined }
  | { readonly evidence?: undefined; readonly problem: string };
