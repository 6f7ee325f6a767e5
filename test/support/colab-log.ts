/**
 * llama.cpp on a Colab T4 as it failed there: the lines that matter. The build lists 7.5 among its architectures, and has
 * only PTX for it, newer than driver 550 compiles.
 */
export const colabLog = `ggml_cuda_init: GGML_CUDA_FORCE_MMQ:    no
ggml_cuda_init: GGML_CUDA_FORCE_CUBLAS: no
ggml_cuda_init: found 1 CUDA devices:
  Device 0: Tesla T4, compute capability 7.5, VMM: yes
system_info: n_threads = 2 (n_threads_batch = 2) / 2 | CUDA : ARCHS = 500,610,700,750,800,860,890 | F16 = 1 | USE_GRAPHS = 1 | CPU : AVX2 = 1 |
common_init_from_params: warming up the model with an empty run - please wait ... (--no-warmup to disable)
/content/llama.cpp/ggml/src/ggml-cuda/ggml-cuda.cu:97: CUDA error
ggml_cuda_compute_forward: RMS_NORM failed
CUDA error: the provided PTX was compiled with an unsupported toolchain.
  current device: 0, in function ggml_cuda_compute_forward at /content/llama.cpp/ggml/src/ggml-cuda/ggml-cuda.cu:2752
  err
Aborted (core dumped)
`;
