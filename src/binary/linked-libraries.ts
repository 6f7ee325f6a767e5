/** A function that a binary takes from the CUDA runtime: `cudaMalloc` of `libcudart.so.13`. */
export interface CudaImport {
  readonly name: string;
  readonly library: string;
}

/** What a binary asks of the host's libraries. Text is as the file has it. */
export interface LinkedLibraries {
  /** Sonames (ELF) or DLL names (PE) without which it does not start. */
  readonly needed: readonly string[];
  /** PE only: DLLs loaded at their first use. */
  readonly delayLoaded: readonly string[];
  readonly soname: string | undefined;
  /** Folders; `$ORIGIN` stands for the one that the file is in. */
  readonly rpath: readonly string[];
  readonly runpath: readonly string[];
  /** Lowest GNU C library that has every symbol version it needs, as `2.34`. */
  readonly glibc: string | undefined;
  /** The same for libstdc++, as `3.4.30`. */
  readonly glibcxx: string | undefined;
  /** The lowest minor version of the CUDA runtime is one that exports all of these. */
  readonly cudaImports: readonly CudaImport[];
}

export const noLibraries: LinkedLibraries = {
  needed: [],
  delayLoaded: [],
  soname: undefined,
  rpath: [],
  runpath: [],
  glibc: undefined,
  glibcxx: undefined,
  cudaImports: [],
};
