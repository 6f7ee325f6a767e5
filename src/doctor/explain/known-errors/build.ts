import type { KnownError } from '../known-error.ts';
import { githubIssue, llamaCppFile } from '../sources.ts';

const configure = 'cmake -B build -DGGML_CUDA=ON -DCMAKE_CUDA_ARCHITECTURES={arch|native}';

/** Building llama.cpp with CUDA. */
export const buildErrors: readonly KnownError[] = [
  {
    id: 'nvcc-host-compiler',
    title: 'The C++ compiler is newer than this CUDA toolkit allows',
    role: 'cause',
    patterns: [
      /unsupported GNU version! gcc versions later than (?<gcc>\d{1,2}) are not supported/,
      /unsupported (?:clang|Microsoft Visual Studio) version/,
    ],
    cause: 'This nvcc works with gcc up to {gcc|an older version}, and the system has a newer one.',
    fix: 'Install that gcc and name it, or use a newer CUDA toolkit.',
    commands: [
      'sudo apt-get install -y g++-{gcc|13}',
      `${configure} -DCMAKE_CUDA_HOST_COMPILER=g++-{gcc|13}`,
    ],
    examples: [
      {
        log: "#error -- unsupported GNU version! gcc versions later than 13 are not supported! The nvcc flag '-allow-unsupported-compiler' can be used to override this version check; however, using an unsupported host compiler may cause compilation failure or incorrect run time execution. Use at your own risk.",
        source: githubIssue('ggml-org/llama.cpp#9205'),
      },
    ],
  },
  {
    id: 'nvcc-no-gpu-found',
    title: 'The build looked for a GPU and found none',
    role: 'cause',
    patterns: [/Unsupported gpu architecture 'compute_(?:No CUDA devices found\.?|native)?'/i],
    cause:
      'Without a list of architectures cmake asks the GPU of this machine; there is none (docker build, CI), or it does not answer.',
    fix: 'Name the architectures of the GPUs that are to run it, in an empty build folder.',
    commands: ['cmake -B build -DGGML_CUDA=ON -DCMAKE_CUDA_ARCHITECTURES="75;80;86;89"'],
    examples: [
      {
        log: "nvcc fatal: Unsupported gpu architecture 'compute_No CUDA devices found.'",
        source: githubIssue('ggml-org/llama.cpp#18430'),
      },
      {
        log: "nvcc fatal   : Unsupported gpu architecture 'compute_native'",
        source: githubIssue('ztxz16/fastllm#187'),
      },
    ],
  },
  {
    id: 'nvcc-architecture-unknown',
    title: 'This CUDA toolkit does not compile for {target}',
    role: 'cause',
    patterns: [
      /Unsupported gpu architecture '(?<target>(?:compute|sm)_\d{2,3}[af]?)'/,
      /Value '(?<target>(?:compute|sm)_\d{2,3}[af]?)' is not defined for option 'gpu-(?:name|architecture)'/,
    ],
    cause:
      '{target} is newer than the toolkit (120 needs CUDA 12.8, 89 and 90 need 11.8), or was dropped by it (13.0 has nothing below 75, 12.0 nothing below 50). Often an old nvcc of the distribution comes first on PATH.',
    fix: 'See which nvcc runs and what it knows; name the right one, and only the architectures that you need.',
    commands: [
      'nvcc --version',
      'nvcc --list-gpu-code',
      `${configure} -DCMAKE_CUDA_COMPILER=/usr/local/cuda/bin/nvcc`,
    ],
    examples: [
      {
        log: "nvcc fatal   : Unsupported gpu architecture 'compute_120'",
        source: githubIssue('ggml-org/llama.cpp#13271'),
      },
      {
        log: "nvcc fatal : Unsupported gpu architecture 'compute_120a'",
        source: githubIssue('ggml-org/llama.cpp#23224'),
      },
    ],
  },
  {
    id: 'cmake-no-cuda-toolset',
    title: 'Visual Studio does not know the CUDA toolkit',
    role: 'cause',
    patterns: [/No CUDA toolset found/],
    cause:
      'The toolkit was installed before Visual Studio, or without its integration, so that the build rules for CUDA are missing.',
    fix: "Copy the four files of the toolkit's visual_studio_integration into the BuildCustomizations folder of Visual Studio, or install the toolkit again; or build with Ninja, which needs no integration.",
    commands: ['cmake -B build -G Ninja -DGGML_CUDA=ON'],
    examples: [{ log: '  No CUDA toolset found.', source: githubIssue('ggml-org/llama.cpp#9144') }],
  },
  {
    id: 'cmake-no-nvcc',
    title: 'The build does not find the CUDA toolkit',
    role: 'cause',
    patterns: [
      /Could not find nvcc, please set CUDAToolkit_ROOT/,
      /CUDA Toolkit not found/,
      /Could not find `?nvcc`? executable/i,
      /No CMAKE_CUDA_COMPILER could be found/,
      /Failed to find a CUDA compiler/i,
      /Couldn't find CUDA library root/,
      /nvcc: (?:command )?not found/,
    ],
    cause:
      'nvcc is not installed or not on PATH. The driver, with its nvidia-smi, does not bring it.',
    fix: 'Install the CUDA toolkit of a version that the driver supports; where it is installed, name it.',
    commands: [
      'ls -d /usr/local/cuda*',
      'export PATH=/usr/local/cuda/bin:$PATH',
      `${configure} -DCMAKE_CUDA_COMPILER=/usr/local/cuda/bin/nvcc`,
    ],
    examples: [
      {
        log: 'Could not find nvcc, please set CUDAToolkit_ROOT.',
        source: githubIssue('xorbitsai/inference#1979'),
      },
      {
        log: 'CMake Error at ggml/src/ggml-cuda/CMakeLists.txt:257 (message):  CUDA Toolkit not found',
        source: llamaCppFile('ggml/src/ggml-cuda/CMakeLists.txt'),
      },
    ],
  },
  {
    id: 'cmake-architectures-empty',
    title: 'The build has no list of GPU architectures',
    role: 'cause',
    patterns: [
      /CMAKE_CUDA_ARCHITECTURES must be non-empty if set/,
      /CUDA_ARCHITECTURES is empty for target "(?<target>[\w-]{1,60})"/,
    ],
    cause:
      'cmake was to find out the architecture and got nothing: nvcc does not work, there is no GPU, or an old cache is left in the build folder.',
    fix: 'Remove the build folder and name the architectures.',
    commands: [
      'nvcc --version',
      'cmake -B build -DGGML_CUDA=ON -DCMAKE_CUDA_ARCHITECTURES={arch|86}',
    ],
    examples: [
      {
        log: 'CMAKE_CUDA_ARCHITECTURES must be non-empty if set.',
        source:
          'https://github.com/Kitware/CMake/blob/master/Modules/Internal/CMakeCUDAArchitecturesValidate.cmake',
      },
      {
        log: '  CUDA_ARCHITECTURES is empty for target "llama-common".',
        source: githubIssue('PrismML-Eng/llama.cpp#182'),
      },
    ],
  },
  {
    id: 'cmake-cuda-compiler-broken',
    title: 'nvcc cannot compile a test program',
    role: 'failure',
    patterns: [
      /is not able to compile a simple test program/,
      /Compiling the CUDA compiler identification source file/,
      /The CUDA compiler identification is unknown/,
    ],
    cause:
      'nvcc was found, but does not work with the compiler of the system or is incomplete; the lines below it in the log say why.',
    fix: 'Read the first error below it: mostly the C++ compiler is too new for nvcc.',
    commands: ['nvcc --version', 'c++ --version'],
    examples: [
      {
        log: '  Compiling the CUDA compiler identification source file',
        source: githubIssue('ggml-org/llama.cpp#22886'),
      },
      {
        log: '  is not able to compile a simple test program.',
        source: githubIssue('xieyuser/GS-LIVM#22'),
      },
    ],
  },
  {
    id: 'ptxas-version-mismatch',
    title: 'Parts of two CUDA toolkits are mixed',
    role: 'cause',
    patterns: [
      /Unsupported \.version (?<ptx>\d{1,2}\.\d); current version is '(?<known>\d{1,2}\.\d)'/,
    ],
    cause:
      'Something wrote PTX {ptx}, and the ptxas (or the PTX compiler of the driver) that read it knows up to {known}: it is of an older CUDA version.',
    fix: 'Make sure that nvcc and ptxas come from the same toolkit; for the driver, use an older toolkit or machine code.',
    commands: ['which -a nvcc ptxas', 'ptxas --version'],
    examples: [
      {
        log: "ptxas /tmp/tinycuda_03fe6308def2ec1dd6c3b1a96681a0fc.ptx, line 9; fatal   : Unsupported .version 8.5; current version is '7.5'",
        source: githubIssue('tinygrad/tinygrad#7729'),
      },
    ],
  },
  {
    id: 'ptxas-failed',
    title: 'ptxas refused the code',
    role: 'failure',
    patterns: [/ptxas (?:fatal|error)\s{0,4}: (?!Value)/i],
    cause:
      'The assembler for GPU code stopped: the code is for another architecture than the one asked for, or the toolkit has a bug.',
    fix: 'Name only the architecture of your GPU, and use another version of the toolkit.',
    commands: ['nvcc --version', configure],
    examples: [
      {
        log: 'ptxas fatal   : Ptx assembly aborted due to errors',
        source: githubIssue('ggml-org/llama.cpp#11750'),
      },
    ],
  },
  {
    id: 'link-libcuda',
    title: 'The driver library is missing at link time: {symbol}',
    role: 'cause',
    patterns: [
      /undefined reference to [`'](?<symbol>cu(?:Mem|Device|Ctx|Get|Init|Module)\w{0,40})'/,
      /libcuda\.so\.1, needed by \S{1,160}, not found/,
      /cannot find -lcuda\b/,
    ],
    cause:
      'llama.cpp calls the driver itself (libcuda), and there is none where it is built, as in docker build. The toolkit has a stub for this.',
    fix: 'Let the linker use the stub, or build without virtual memory management, which is what needs it.',
    commands: [
      'ln -s /usr/local/cuda/lib64/stubs/libcuda.so /usr/local/cuda/lib64/stubs/libcuda.so.1',
      'cmake -B build -DGGML_CUDA=ON -DCMAKE_EXE_LINKER_FLAGS=-Wl,-rpath-link,/usr/local/cuda/lib64/stubs',
      'cmake -B build -DGGML_CUDA=ON -DGGML_CUDA_NO_VMM=ON',
    ],
    examples: [
      {
        log: "/usr/bin/ld: ../../bin/libggml-cuda.so.0.12.0: undefined reference to `cuMemCreate'",
        source: githubIssue('ggml-org/llama.cpp#23357'),
      },
      {
        log: '/usr/bin/ld: warning: libcuda.so.1, needed by bin/libggml-cuda.so.0.9.4, not found (try using -rpath or -rpath-link)',
        source: githubIssue('JamePeng/llama-cpp-python#30'),
      },
    ],
  },
  {
    id: 'link-cuda-runtime',
    title: 'Libraries of the CUDA toolkit are missing at link time',
    role: 'cause',
    patterns: [
      /undefined reference to [`'](?<symbol>(?:__)?(?:cuda|cublas)\w{0,60})(?:@[\w.]{1,40})?'/,
      /cannot find -l(?:cudart|cublas|cublasLt|culibos)\b/,
      /Target "[\w-]{1,60}" links to:? ?CUDA::\w{1,40}/,
      /CUDA::cublas\b.{0,80}(?:not found|NOTFOUND)/,
    ],
    cause:
      'The linker does not find libcudart or libcublas of the toolkit that compiled the code: they are not installed, or an environment such as conda puts another linker or another version first.',
    fix: 'Install the libraries of the toolkit with their development files, leave conda environments before building, and start with an empty build folder.',
    commands: ['ls /usr/local/cuda/lib64 | grep -E "cudart|cublas"', 'conda deactivate'],
    examples: [
      {
        log: "/root/miniconda3/envs/textgen/compiler_compat/ld: vendor/llama.cpp/ggml/src/libggml.so: undefined reference to `__cudaUnregisterFatBinary@libcudart.so.12'",
        source: githubIssue('abetlen/llama-cpp-python#1752'),
      },
    ],
  },
  {
    id: 'cmake-option-renamed',
    title: 'An option of the build has another name now',
    role: 'cause',
    patterns: [/LLAMA_(?<name>CUBLAS|CUDA) is deprecated, use GGML_CUDA instead/],
    cause: 'LLAMA_{name|CUBLAS} was renamed to GGML_CUDA; newer versions stop at the old name.',
    fix: 'Use the new one.',
    commands: [configure],
    examples: [
      {
        log: '  LLAMA_CUBLAS is deprecated, use GGML_CUDA instead',
        source: llamaCppFile('CMakeLists.txt'),
      },
    ],
  },
];
