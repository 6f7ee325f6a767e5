import type { KnownError } from '../known-error.ts';
import { githubIssue, llamaCppFile } from '../sources.ts';
import { defineCudaError } from './define-cuda-error.ts';

const rebuild = 'cmake -B build -DGGML_CUDA=ON -DCMAKE_CUDA_ARCHITECTURES={arch|native}';
const compile = 'cmake --build build --config Release -j 4';
const inspect = 'llcuda inspect libggml-cuda.so --for host';

/** The GPU code of the program does not fit the GPU and the driver. */
export const gpuCodeErrors: readonly KnownError[] = [
  defineCudaError(222, {
    id: 'cuda-ptx-too-new',
    title: 'The GPU code is PTX that is newer than the driver',
    cause:
      'The program has no machine code for {gpu|this GPU}, only PTX, which the driver has to compile first. That PTX is of a newer CUDA toolkit than the driver is: a driver compiles PTX up to its own CUDA version and refuses everything newer. A list of architectures that names the GPU does not help: it does not tell machine code from PTX.',
    fix: 'Use a build with machine code for this GPU (sm_{arch|XY}), or one made with an older CUDA toolkit; or update the driver. The first command tells what a binary holds and which driver it needs; the others build llama.cpp on the machine itself, with a toolkit that is not newer than the CUDA version of the driver.',
    commands: [inspect, rebuild, compile],
    examples: [
      {
        log: 'CUDA error: the provided PTX was compiled with an unsupported toolchain.',
        source: githubIssue('canonical/inference-snaps#255'),
      },
      {
        log: 'CUDA error 222 at /py_lib/PowerInfer/ggml-cuda.cu:6466: the provided PTX was compiled with an unsupported toolchain.',
        source: githubIssue('Tiiny-AI/PowerInfer#122'),
      },
    ],
  }),
  defineCudaError(209, {
    id: 'cuda-no-kernel-image',
    title: 'The program has no GPU code for this GPU',
    cause:
      'The program holds neither machine code nor PTX that {gpu|this GPU} can use: it was built for other GPUs, often with a toolkit that is older than the GPU or that has dropped it.',
    fix: 'Use a build that has sm_{arch|XY}, or build llama.cpp for this GPU. The first command lists what a binary holds.',
    commands: [inspect, rebuild, compile],
    examples: [
      {
        log: 'CUDA error 209 at /home/user/Documents/devops/llama.cpp/ggml-cuda.cu:6701: no kernel image is available for execution on the device',
        source: githubIssue('ggml-org/llama.cpp#4215'),
      },
      {
        log: 'CUDA error: no kernel image is available for execution on the device',
        source: githubIssue('ZengboJamesWang/Qwen3.5-35B-A3B-openclaw-dgx-spark#3'),
      },
    ],
  }),
  defineCudaError(200, {
    id: 'cuda-invalid-image',
    title: 'The driver cannot read the GPU code',
    cause:
      'There is GPU code for this GPU, but the driver cannot read it. Most often it is compressed with zstd, as llama.cpp does when it is built with CUDA 12.8 or later, and the driver is older than 550; else the file is damaged.',
    fix: 'Update the driver to 550 or later, or use a build of CUDA 12.6 or older. The first command tells which compression a binary uses.',
    commands: [inspect, 'nvidia-smi'],
    examples: [
      {
        log: 'CUDA error: device kernel image is invalid',
        source: githubIssue('ollama/ollama#16533'),
      },
    ],
  }),
  defineCudaError(35, {
    id: 'cuda-driver-too-old',
    title: 'The driver is older than the CUDA runtime of the program',
    cause:
      'The program uses a CUDA runtime of a newer major version than the driver supports: CUDA 13 needs driver 580 or later, CUDA 12 needs 525.60.13, CUDA 11 needs 450.80.02. In a container the driver is that of the host. Where no driver is found at all, the message is the same.',
    fix: 'Update the driver, or use a build of the CUDA version that nvidia-smi prints or of an older one.',
    commands: ['nvidia-smi', inspect],
    examples: [
      {
        log: 'ggml_cuda_init: failed to initialize CUDA: CUDA driver version is insufficient for CUDA runtime version',
        source: githubIssue('ollama/ollama#7666'),
      },
      {
        log: 'CUDA error 35 at /tmp/pip-install-iu4nd6_y/llama-cpp-python_ea6f0cbd4f6343bcbd9b3fd180bbd240/vendor/llama.cpp/ggml-cuda.cu:5522: CUDA driver version is insufficient for CUDA runtime version',
        source: githubIssue('abetlen/llama-cpp-python#763'),
      },
    ],
  }),
  defineCudaError(36, {
    id: 'cuda-call-needs-newer-driver',
    title: 'The program calls something that the driver does not have yet',
    cause: 'A CUDA call of the program came with a later driver than the one installed.',
    fix: 'Update the driver, or use a build of an older CUDA toolkit.',
    commands: ['nvidia-smi'],
    examples: [
      {
        log: 'RuntimeError: CUDA error: API call is not supported in the installed CUDA driver',
        source: githubIssue('lllyasviel/Fooocus#95'),
      },
    ],
  }),
  defineCudaError(98, {
    id: 'cuda-invalid-device-function',
    title: 'The kernel is not in the GPU code that was picked',
    cause:
      'The program loaded GPU code, but the kernel that it wanted to start is not in it: the build does not cover {gpu|this GPU}, or libraries of two builds are mixed.',
    fix: 'Build again in an empty folder for this GPU, and make sure that all libggml files are of one build.',
    commands: [inspect, rebuild],
    examples: [
      {
        log: 'CUDA error: invalid device function',
        source: githubIssue('ggml-org/llama.cpp#6433'),
      },
    ],
  }),
  defineCudaError(218, {
    id: 'cuda-invalid-ptx',
    title: 'The driver could not compile the PTX',
    cause:
      'The driver refused the PTX of the program for another reason than its version: it is for a newer GPU than this one, or damaged.',
    fix: 'Use a build with machine code for this GPU. The first command tells what a binary holds.',
    commands: [inspect, rebuild],
    examples: [
      {
        log: 'CUDA Runtime error create_frustum_kernel # a PTX JIT compilation failed, code = cudaErrorInvalidPtx [ 218 ] in file /mnt/Lidar_AI_Solution-master/CUDA-BEVFusion/src/bevfusion/camera-geometry.cu:209',
        source: githubIssue('NVIDIA-AI-IOT/Lidar_AI_Solution#35'),
      },
      {
        log: '========= Program hit CUDA_ERROR_INVALID_PTX (error 218) due to "a PTX JIT compilation failed" on CUDA API call to cuModuleLoadData.',
        source: githubIssue('Rust-GPU/rust-cuda#34'),
      },
    ],
  }),
  defineCudaError(221, {
    id: 'cuda-ptx-compiler-missing',
    title: "The driver's PTX compiler is missing",
    cause:
      'The GPU code has to be compiled by the driver, and the library that does it, libnvidia-ptxjitcompiler.so.1, cannot be loaded: common in containers that get only a part of the driver.',
    fix: 'In a container, start it with the compute part of the driver (NVIDIA_DRIVER_CAPABILITIES=compute,utility); elsewhere install the whole driver. Or use a build with machine code for this GPU, which needs no compiler.',
    commands: ['ldconfig -p | grep ptxjitcompiler', inspect],
    examples: [
      {
        log: 'ERROR: CUDA error: PTX JIT compiler library not found (code 221, ERROR_JIT_COMPILER_NOT_FOUND)',
        source: githubIssue('JuliaGPU/cuTile.jl#9'),
      },
    ],
  }),
  defineCudaError(223, {
    id: 'cuda-jit-disabled',
    title: 'Compiling PTX is switched off',
    cause:
      'CUDA_DISABLE_PTX_JIT=1 is set, and the program has only PTX for this GPU, which has to be compiled.',
    fix: 'Unset the variable, or use a build with machine code for this GPU.',
    commands: ['unset CUDA_DISABLE_PTX_JIT'],
    examples: [
      {
        log: 'CUDA error: PTX JIT compilation was disabled',
        source: 'https://docs.nvidia.com/cuda/cuda-runtime-api/group__CUDART__TYPES.html',
      },
    ],
  }),
  {
    id: 'ggml-no-device-code',
    title: 'A kernel of llama.cpp was not built for this GPU',
    role: 'cause',
    patterns: [
      /ERROR: CUDA kernel \S{1,80} has no device code compatible with CUDA arch (?<built>\d{2,5})/,
      /ggml-cuda\.cu was compiled for: [\d,]{1,120}/,
    ],
    cause:
      'The GPU runs code that was compiled for an older architecture ({built|as the line says}), and this kernel has no version for that one.',
    fix: 'Build llama.cpp for this GPU itself.',
    commands: [rebuild, compile],
    examples: [
      {
        log: '/build/ggml-cuda/mmq.cuh:2584: ERROR: CUDA kernel mul_mat_q has no device code compatible with CUDA arch 520. ggml-cuda.cu was compiled for: 520',
        source: llamaCppFile('ggml/src/ggml-cuda/common.cuh'),
      },
    ],
  },
];
