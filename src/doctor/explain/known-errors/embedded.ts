import type { KnownError } from '../known-error.ts';
import { githubIssue } from '../sources.ts';

const nodeLlamaCpp =
  'https://github.com/withcatai/node-llama-cpp/blob/v3.22.1/src/bindings/getLlama.ts';
const reference = 'docs/reference/errors.md';

/** node-llama-cpp, and llcuda itself. */
export const embeddedErrors: readonly KnownError[] = [
  {
    id: 'node-llama-cpp-no-binary',
    title: 'node-llama-cpp has no binary for this system',
    role: 'failure',
    patterns: [
      /\bNoBinaryFoundError\b/,
      /A prebuilt binary was not found/,
      /No prebuilt binaries found/,
    ],
    cause:
      'The package of binaries for this platform is not installed (optional dependencies left out, or node_modules copied from another system), or there is none.',
    fix: 'Install again on this machine, with optional dependencies.',
    commands: ['npm install node-llama-cpp --include=optional', 'npx node-llama-cpp inspect gpu'],
    examples: [
      {
        log: 'npm error [node-llama-cpp] A prebuilt binary was not found, falling back to using no GPU',
        source: githubIssue('openclaw/openclaw#35181'),
      },
      {
        log: 'NoBinaryFoundError: No prebuilt binaries found, no llama.cpp source found and `skipDownload` or NODE_LLAMA_CPP_SKIP_DOWNLOAD env var is set to true, so llama.cpp cannot be built from source',
        source: nodeLlamaCpp,
      },
    ],
  },
  {
    id: 'node-llama-cpp-incompatible',
    title: 'The binary of node-llama-cpp does not work on this system',
    role: 'failure',
    patterns: [/The prebuilt \S{0,40}\s?binary .{0,120}is not compatible with the current system/],
    cause:
      'node-llama-cpp tried its binary in a process of its own, and that failed: mostly the CUDA libraries or the driver do not fit it. It goes on with another binary, or with the processor.',
    fix: 'Ask it what it finds, and judge its CUDA library for this machine.',
    commands: [
      'npx node-llama-cpp inspect gpu',
      'llcuda inspect node_modules/@node-llama-cpp/linux-x64-cuda --for host',
    ],
    examples: [
      {
        log: '[node-llama-cpp] The prebuilt binary for platform "linux" "x64" with CUDA support is not compatible with the current system, falling back to using Vulkan',
        source: nodeLlamaCpp,
      },
    ],
  },
  {
    id: 'node-llama-cpp-memory',
    title: 'node-llama-cpp found too little memory for the model or context',
    role: 'cause',
    patterns: [
      /\bInsufficientMemoryError\b/,
      /A context size of \d{1,9}.{0,60}is too large for the available VRAM/,
      /Not enough VRAM to fit the model/,
    ],
    cause:
      'It computes what model and context need before it loads them, and that is more than what is free.',
    fix: 'Ask for a shorter context, or let it choose the layers for the GPU.',
    commands: ['nvidia-smi', 'llcuda run MODEL "PROMPT" --context 4096'],
    examples: [
      {
        log: 'InsufficientMemoryError: A context size of 8192 is too large for the available VRAM',
        source:
          'https://github.com/withcatai/node-llama-cpp/blob/v3.22.1/src/gguf/insights/utils/resolveContextContextSizeOption.ts',
      },
    ],
  },
  {
    id: 'llcuda-gpu-runtime-missing',
    title: 'llcuda found a GPU, and nothing installed that can use it',
    role: 'cause',
    patterns: [/\bGPU_RUNTIME_MISSING\b/],
    cause: 'llcuda does not go to the processor silently where there is an NVIDIA GPU.',
    fix: 'Ask the doctor what would run here, or use the processor on purpose.',
    commands: ['llcuda doctor', 'llcuda run --gpu off "PROMPT"'],
    examples: [{ log: '"code": "GPU_RUNTIME_MISSING"', source: reference }],
  },
  {
    id: 'llcuda-gpu-not-found',
    title: 'llcuda was to use a GPU and sees none',
    role: 'cause',
    patterns: [/\bGPU_NOT_FOUND\b/],
    cause:
      '--gpu required was given, and no NVIDIA GPU is visible: there is no driver, or CUDA_VISIBLE_DEVICES hides it.',
    fix: 'Check the driver and the variable.',
    commands: ['nvidia-smi', 'echo "CUDA_VISIBLE_DEVICES=$CUDA_VISIBLE_DEVICES"', 'llcuda doctor'],
    examples: [{ log: '"code": "GPU_NOT_FOUND"', source: reference }],
  },
  {
    id: 'llcuda-download-mismatch',
    title: 'What was fetched is not what was pinned',
    role: 'cause',
    patterns: [/\bDOWNLOAD_MISMATCH\b/],
    cause:
      'The bytes have another size or SHA-256 than the registry says. llcuda did not keep them.',
    fix: 'Try again; if it stays, a proxy rewrites the download or the source has changed.',
    commands: ['env | grep -i proxy'],
    examples: [{ log: '"code": "DOWNLOAD_MISMATCH"', source: reference }],
  },
  {
    id: 'llcuda-runtime-crashed',
    title: 'The process of llcuda that runs the model ended',
    role: 'consequence',
    patterns: [/\bRUNTIME_CRASHED\b/],
    cause: 'It crashed or was killed; SIGKILL mostly means that memory ran out.',
    fix: 'Look for an error of llama.cpp before it (--verbose), and use a smaller model or context.',
    commands: ['llcuda run --verbose --context 2048 "PROMPT"'],
    examples: [{ log: '"code": "RUNTIME_CRASHED"', source: reference }],
  },
  {
    id: 'llcuda-runtime-broken',
    title: 'The embedded runtime of llcuda cannot be loaded',
    role: 'failure',
    patterns: [/\bRUNTIME_(?:BROKEN|INSTALL_FAILED)\b/],
    cause: 'Its files are damaged, or npm could not install it.',
    fix: 'Remove its folder: the next run installs it again.',
    commands: ['ls ~/.cache/llcuda/runtimes', 'rm -r ~/.cache/llcuda/runtimes/embedded-*'],
    examples: [{ log: '"code": "RUNTIME_BROKEN"', source: reference }],
  },
];
