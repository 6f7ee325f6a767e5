import type { KnownError } from '../known-error.ts';
import { githubIssue, llamaCppFile } from '../sources.ts';

/** llama.cpp that runs without the GPU, or without any backend. */
export const backendErrors: readonly KnownError[] = [
  {
    id: 'no-usable-gpu',
    title: 'llama.cpp uses no GPU',
    role: 'cause',
    patterns: [
      /no usable GPU found/,
      /one possible reason is that llama\.cpp was compiled without GPU support/,
      /Not compiled with GPU offload support/,
    ],
    cause:
      'This llama.cpp was built without CUDA, its CUDA library could not be loaded, or CUDA found no GPU. It goes on with the processor, many times slower.',
    fix: 'See whether it lists a CUDA device. If not, look for libggml-cuda beside it and for an error of CUDA above this line.',
    commands: ['llama-server --list-devices', 'llcuda doctor', 'ldd libggml-cuda.so'],
    examples: [
      {
        log: 'warning: no usable GPU found, --gpu-layers option will be ignored',
        source: llamaCppFile('common/arg.cpp'),
      },
    ],
  },
  {
    id: 'cuda-disabled',
    title: 'llama.cpp found no CUDA device and goes on without',
    role: 'failure',
    patterns: [/no CUDA devices found, CUDA will be disabled/],
    cause:
      'CUDA could be asked, and has no GPU for this program: the driver does not run, the GPU is hidden by CUDA_VISIBLE_DEVICES, or a container has none.',
    fix: 'Check nvidia-smi as the same user, in the same container.',
    commands: ['nvidia-smi', 'echo "CUDA_VISIBLE_DEVICES=$CUDA_VISIBLE_DEVICES"'],
    examples: [
      {
        log: 'ggml_cuda_init: no CUDA devices found, CUDA will be disabled',
        source: githubIssue('ggml-org/llama.cpp#6184'),
      },
    ],
  },
  {
    id: 'no-backend',
    title: 'llama.cpp found none of its backends',
    role: 'cause',
    patterns: [
      /no backends are loaded/,
      /no CPU backend found/,
      /failed to (?:find|load) (?:a )?(?:usable|any) backend/i,
    ],
    cause:
      'The libraries libggml-cpu-*, libggml-cuda and others that hold the backends are not in the folder of the program.',
    fix: 'Unpack the whole release into one folder and start the program from there.',
    commands: ['ls -l "$(dirname "$(command -v llama-server)")"'],
    examples: [
      {
        log: 'llama_model_load_from_file_impl: no backends are loaded. hint: use ggml_backend_load() or ggml_backend_load_all() to load a backend before calling this function',
        source: llamaCppFile('src/llama.cpp'),
      },
    ],
  },
  {
    id: 'backend-load-failed',
    title: 'The CUDA library of llama.cpp could not be loaded',
    role: 'failure',
    patterns: [/(?:failed to load|load_backend: failed).{0,80}ggml-cuda/i],
    cause:
      'libggml-cuda is there, but the system cannot load it: a library that it needs (libcudart, libcublas, libcuda) is missing.',
    fix: 'See which one is not found, and install it or put its folder on the library path.',
    commands: ['ldd libggml-cuda.so', 'llcuda inspect libggml-cuda.so --for host'],
    examples: [
      {
        log: 'ggml_backend_load_best: failed to load /app/libggml-cuda.so',
        source: llamaCppFile('ggml/src/ggml-backend-reg.cpp'),
      },
    ],
  },
  {
    id: 'device-unknown',
    title: 'llama.cpp has no device of this name',
    role: 'cause',
    patterns: [/invalid device: (?<device>\S{1,60})/],
    cause: 'The device {device} after --device does not exist here.',
    fix: 'Take a name from the list.',
    commands: ['llama-server --list-devices'],
    examples: [
      {
        log: 'error while handling argument "--device": invalid device: CUDA1',
        source: llamaCppFile('common/arg.cpp'),
      },
    ],
  },
];
