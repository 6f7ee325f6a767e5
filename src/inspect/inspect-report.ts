import type { FileFormat } from '../binary/detect-format.ts';
import type { CudaImport } from '../binary/linked-libraries.ts';
import type { FileVerdict } from '../compat/verdict.ts';
import type { ErrorCode } from '../errors/error-details.ts';
import type { ImageCompression, ImageKind } from '../fatbin/fatbin-image.ts';

/** What `inspect --json` prints. Fields without a value are left out. */
export interface InspectReport {
  readonly schemaVersion: 1;
  /** Sorted by path where there can be more than one. */
  readonly files: readonly InspectedFile[];
}

export type InspectedFile = FileReport | UnreadableFile;

/** A file in a folder or archive that could not be read. */
export interface UnreadableFile {
  readonly path: string;
  readonly error: { readonly code: ErrorCode; readonly message: string };
}

export interface FileReport {
  /** As it was given; a member of an archive is `ARCHIVE!/MEMBER`. */
  readonly path: string;
  readonly format: FileFormat;
  readonly sizeBytes: number;
  /** Without the stubs of nvcc's device link, which hold no kernels. */
  readonly fatbins: number;
  readonly images: readonly ImageGroup[];
  /** The CUDA toolkit that built it: `13.1`, or `12.5 or 12.6`. */
  readonly toolkit?: string;
  readonly libraries: LibraryReport;
  /** Only with `deep`. */
  readonly decoded?: DecodedReport;
  /** Only with `for`. */
  readonly verdict?: FileVerdict;
}

/** Images of all fatbins of a file that are alike. */
export interface ImageGroup {
  readonly kind: ImageKind;
  /** `sm_90a` for machine code, `compute_90a` for what is compiled further. */
  readonly target: string;
  /** Only for `ptx`, as `9.1`. */
  readonly ptxIsa?: string;
  readonly compression: ImageCompression;
  readonly count: number;
}

export interface LibraryReport {
  readonly needed: readonly string[];
  readonly delayLoaded?: readonly string[];
  readonly soname?: string;
  readonly rpath?: readonly string[];
  readonly runpath: readonly string[];
  /** The lowest GNU C library that has every symbol version it needs. */
  readonly glibc?: string;
  readonly glibcxx?: string;
  readonly cudaImports?: readonly CudaImport[];
}

/** What came of decoding every image. */
export interface DecodedReport {
  readonly images: number;
  readonly sizeBytes: number;
  readonly failures: readonly DecodeFailure[];
}

export interface DecodeFailure {
  /** Of the image, in the file. */
  readonly offset: number;
  readonly target: string;
  readonly code: ErrorCode;
  readonly message: string;
}
