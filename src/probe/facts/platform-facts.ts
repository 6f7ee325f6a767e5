/** The operating system and what it runs in. */
export interface PlatformFacts {
  /** Node's words: `linux`, `win32`, `darwin`. */
  readonly platform: string;
  /** Node's words: `x64`, `arm64`. */
  readonly arch: string;
  /** `Ubuntu 24.04.3 LTS`. */
  readonly osName: string | undefined;
  /** `ubuntu`. */
  readonly osId: string | undefined;
  /** `24.04`. */
  readonly osVersion: string | undefined;
  /** `6.8.0-45-generic`. */
  readonly kernel: string | undefined;
  /** Innermost first known; `undefined` outside of containers. */
  readonly container: 'docker' | 'podman' | 'kubernetes' | 'lxc' | 'other' | undefined;
  readonly isWsl: boolean;
  readonly isGvisor: boolean;
  /** A hosted notebook. */
  readonly service: 'colab' | 'kaggle' | undefined;
  readonly jetson: JetsonFacts | undefined;
  /** A DGX Spark or another machine with a GB10. */
  readonly isDgxSpark: boolean;
  /** Name of the CI system, `ci` for one that only sets CI. */
  readonly ci: string | undefined;
  /** Whether this process is root. `undefined` where there is no such thing or it is not told. */
  readonly isRoot: boolean | undefined;
}

export interface JetsonFacts {
  /** Of the device tree: `NVIDIA Jetson Orin Nano Developer Kit`. */
  readonly model: string | undefined;
  /** `36.4.3`. */
  readonly l4t: string | undefined;
}

export interface ProcessorFacts {
  readonly model: string | undefined;
  /**
   * Those that llama.cpp has code for, in lower case as the kernel has them: `avx`, `avx2`, `fma`, `f16c`, `bmi2`,
   * `avx512f`, `avx512_vnni`, `avx_vnni`, `amx_int8`; on arm64 `asimd`, `asimddp` (dotprod), `i8mm`, `sve`, `sve2`, `fphp`.
   */
  readonly features: readonly string[];
  /** False where nothing told the features: an empty list then says nothing. */
  readonly areFeaturesKnown: boolean;
  readonly physicalCores: number | undefined;
  readonly logicalCores: number;
  /** What this process may keep busy: affinity and container quota. */
  readonly usableCores: number;
}

export interface MemoryFacts {
  readonly totalBytes: number | undefined;
  readonly availableBytes: number | undefined;
  /** Of the container or slice; `undefined` for none. */
  readonly limitBytes: number | undefined;
  readonly limitSource: 'cgroup2' | 'cgroup1' | undefined;
  /** Used under that limit. */
  readonly limitUsedBytes: number | undefined;
  readonly swapTotalBytes: number | undefined;
  /** What a model may take here: the smaller of what is available and what the limit leaves. */
  readonly usableBytes: number | undefined;
}

export interface DiskFacts {
  /** Folder of the store, whether it exists yet or not. */
  readonly storePath: string;
  readonly doesStoreExist: boolean;
  /** On the disk that the store is on, or will be on. */
  readonly freeBytes: number | undefined;
}
