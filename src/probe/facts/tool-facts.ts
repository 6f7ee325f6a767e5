/** Programs that a build of llcuda needs or uses. */
export interface ToolFacts {
  readonly name: ToolName;
  /** The file that PATH leads to; `undefined` when there is none. */
  readonly path: string | undefined;
  /** `3.28.3`. `undefined` for a tool that is not there or did not say. */
  readonly version: string | undefined;
}

export type ToolName =
  | 'cmake'
  | 'ninja'
  | 'make'
  | 'gcc'
  | 'g++'
  | 'clang'
  | 'nvcc'
  | 'ccache'
  | 'sccache'
  | 'git'
  | 'python3'
  | 'npm';

/** A Python interpreter on PATH and what of CUDA is in it. */
export interface PythonFacts {
  readonly path: string;
  readonly version: string | undefined;
  readonly torch: TorchFacts | undefined;
  /** Folders of NVIDIA's wheels that exist: `.../site-packages/nvidia/cu13`. */
  readonly nvidiaFolders: readonly string[];
}

export interface TorchFacts {
  /** `2.8.0+cu128`. */
  readonly version: string | undefined;
  /** CUDA version that it was built for: `12.8`. `undefined` for a build without CUDA. */
  readonly cuda: string | undefined;
}
