import type { CudaVersion } from '../../units/cuda-version.ts';

/** A CUDA toolkit of the machine. */
export interface FoundToolkit {
  /** The folder above `bin`. */
  readonly root: string;
  readonly nvcc: string;
  readonly version: CudaVersion;
  /** As nvcc says it: `12.4.131`. */
  readonly release: string;
}

export interface FoundTool {
  readonly path: string;
  /** `3.25.1`. */
  readonly version: string;
}

export interface FoundCompiler {
  readonly kind: 'gcc' | 'clang';
  /** `g++`, `clang++-16`. */
  readonly cxx: string;
  readonly c: string;
  readonly version: string;
}

/** Every program that a build will use. */
export interface Toolchain {
  /** `undefined` for a CPU build. */
  readonly toolkit: FoundToolkit | undefined;
  readonly cmake: FoundTool;
  readonly generator: { readonly name: 'Ninja' | 'Unix Makefiles' } & FoundTool;
  readonly compiler: FoundCompiler;
  /** ccache or sccache, where there is one. */
  readonly compilerCache: FoundTool | undefined;
  /** For the record, and to choose with `--toolkit`: the one in use is among them. */
  readonly toolkits: readonly FoundToolkit[];
}
