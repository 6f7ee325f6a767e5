export type BuildBackend = 'cpu' | 'cuda';

/** `GGML_CUDA_COMPRESSION_MODE` of llama.cpp. `undefined`: the toolkit has no choice (before 12.8). */
export type CompressionMode = 'size' | 'speed' | undefined;

/** A GPU that the build is for. */
export interface PlannedGpu {
  readonly name: string;
  /** `7.5`. */
  readonly capability: string;
  /** The machine code that it runs: `sm_75`. */
  readonly target: string;
  /** The lowest driver with which it runs natively, not below what was asked for. */
  readonly minimumDriver: string;
}

/** An image that every fatbin with kernels must hold. */
export interface PlannedImage {
  readonly kind: 'sass' | 'ptx';
  /** `sm_75`, `compute_90`. */
  readonly target: string;
  readonly ptxIsa?: string;
  readonly compression: 'none' | 'lz4' | 'zstd';
}

export interface CudaPlan {
  /** `12.4`. */
  readonly toolkit: string;
  readonly gpus: readonly PlannedGpu[];
  /** `CMAKE_CUDA_ARCHITECTURES`. */
  readonly architectures: readonly string[];
  readonly images: readonly PlannedImage[];
  readonly compressionMode: CompressionMode;
  readonly isCudartStatic: boolean;
  /** The lowest driver that any of the GPUs is promised to run with. */
  readonly minimumDriver: string;
}

/** What a build will be, before anything runs. Plain JSON. */
export interface BuildPlan {
  readonly backend: BuildBackend;
  readonly cuda: CudaPlan | undefined;
  /** `x86-64-v3`, `native` or `all`. */
  readonly cpu: string;
  /** The newest GNU C library that the result may need. `undefined`: that of this machine. */
  readonly glibc: string | undefined;
  /** Options of llama.cpp's cmake, without those that name the toolchain. */
  readonly cmakeOptions: readonly string[];
  /** What to make; the first is needed, the others where the source has them. */
  readonly programs: readonly string[];
  /** What the user should know of it. */
  readonly notes: readonly string[];
}
