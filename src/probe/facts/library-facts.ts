import type { FactSource } from './sourced.ts';

/** Every copy of one shared library that was found. */
export interface LibraryFacts {
  /** `libcudart.so.13`. */
  readonly soname: string;
  /** In the order in which the loader would find them; those that it would not find come last. */
  readonly copies: readonly LibraryCopy[];
  /** The copy that the loader takes: the first one on its path. */
  readonly loaded: LibraryCopy | undefined;
}

export interface LibraryCopy {
  readonly path: string;
  /** Behind its symbolic links. */
  readonly realPath: string;
  /** Other paths to the same file, where this library was looked for too. */
  readonly alsoAt: readonly string[];
  /** From the name of that file: `13.0.96`, `580.159.04`. */
  readonly version: string | undefined;
  readonly sizeBytes: number | undefined;
  /** How the loader gets there, or for a copy that it does not look at, what kind of place it is in. */
  readonly place:
    | 'ld-library-path'
    | 'ld-cache'
    | 'default-folder'
    /** A folder where drivers, toolkits and services are known to keep it; not on the loader's path. */
    | 'known-folder'
    /** A toolkit of `HostFacts.toolkits`; not on the loader's path. */
    | 'toolkit'
    /** NVIDIA's Python wheels in site-packages; not on the loader's path. */
    | 'python-wheel';
  readonly isOnLoaderPath: boolean;
  /** `stub`: for linking only, calls give error 34. `compat`: of a cuda-compat package. */
  readonly kind: 'normal' | 'stub' | 'compat';
}

/** The C library and the C++ library. */
export interface CLibraryFacts {
  readonly kind: 'glibc' | 'musl' | undefined;
  /** `2.39`. */
  readonly version: string | undefined;
  /** Highest symbol version of the libstdc++ that the loader finds, from its file name: `3.4.33`. */
  readonly glibcxx: string | undefined;
  readonly source: FactSource;
}
