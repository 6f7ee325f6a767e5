/** Variables of the environment that change what CUDA, llama.cpp or llcuda do. Secrets are never among the values. */
export interface EnvironmentFacts {
  /**
   * Those that are set, by name: CUDA_*, NVIDIA_*, LD_LIBRARY_PATH, LD_PRELOAD, LIBRARY_PATH, HF_HOME, HF_ENDPOINT,
   * HF_HUB_OFFLINE, LLAMA_*, GGML_*, LLCUDA_*, OMP_NUM_THREADS, proxies without passwords.
   */
  readonly variables: Readonly<Record<string, string>>;
  /** Names of variables that are set and hold a secret: `HF_TOKEN`, `LLAMA_API_KEY`. */
  readonly secrets: readonly string[];
  /** CUDA_FORCE_PTX_JIT=1: the driver ignores machine code. */
  readonly forcePtxJit: boolean;
  /** CUDA_DISABLE_PTX_JIT=1: the driver compiles nothing. */
  readonly disablePtxJit: boolean;
}
