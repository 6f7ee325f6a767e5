import type { KnownError } from '../known-error.ts';
import { githubIssue } from '../sources.ts';

/** What keeps a program from starting, and how the system ends one. */
export const loaderErrors: readonly KnownError[] = [
  {
    id: 'libcuda-missing',
    title: 'The NVIDIA driver library (libcuda) is not found',
    role: 'cause',
    patterns: [
      /libcuda\.so(?:\.1)?: cannot open shared object file/,
      /nvcuda\.dll.{0,60}(?:not found|missing)/i,
    ],
    cause:
      'libcuda.so.1 belongs to the driver, not to the CUDA toolkit. There is no driver here, the container was started without the GPU, or its folder is not on the library path (WSL: /usr/lib/wsl/lib; Colab: /usr/lib64-nvidia).',
    fix: 'Start the container with --gpus all, or install the driver; where it is installed, put its folder on the library path.',
    commands: ['ldconfig -p | grep libcuda', 'nvidia-smi', 'llcuda doctor'],
    examples: [
      {
        log: './llama-gen-docs: error while loading shared libraries: libcuda.so.1: cannot open shared object file: No such file or directory',
        source: githubIssue('ggml-org/llama.cpp#9392'),
      },
    ],
  },
  {
    id: 'cuda-library-missing',
    title: 'A library of the CUDA toolkit is not found: {library}',
    role: 'cause',
    patterns: [
      /(?<library>lib(?:cudart|cublas|cublasLt|nccl|cudnn|nvrtc|curand|cusparse|cufft|nvJitLink)\.so(?:\.\d{1,4}){0,3}): cannot open shared object file/,
      /(?<library>(?:cudart64|cublas64|cublasLt64)_\d{1,4}\.dll).{0,60}(?:not found|missing)/i,
    ],
    cause:
      'The program needs {library}, and the loader does not find it. The number is the major version of CUDA: another one does not do.',
    fix: 'Install the CUDA runtime of that version, or put the folder that has it on the library path; or use a build that brings it.',
    commands: [
      'ldconfig -p | grep -E "cudart|cublas"',
      'find / -name "{library|libcudart.so*}" -not -path "/proc/*" 2>/dev/null',
      'export LD_LIBRARY_PATH=/usr/local/cuda/lib64:$LD_LIBRARY_PATH',
    ],
    examples: [
      {
        log: 'error while loading shared libraries: libcudart.so.12: cannot open shared object file: No such file or directory',
        source: githubIssue('ollama/ollama#602'),
      },
      {
        log: 'ImportError: libcudart.so.12: cannot open shared object file: No such file or directory',
        source: githubIssue('vllm-project/vllm#31018'),
      },
    ],
  },
  {
    id: 'library-missing',
    title: 'A library is not found: {library}',
    role: 'cause',
    patterns: [
      /error while loading shared libraries: (?!lib(?:cuda|cudart|cublas|cublasLt|nccl|cudnn|nvrtc|curand|cusparse|cufft|nvJitLink)\.so)(?<library>[\w.+-]{1,80}\.so[\w.]{0,20}): cannot open shared object file/,
      /(?:OSError|ImportError): (?!lib(?:cuda|cudart|cublas|cublasLt|nccl|cudnn|nvrtc|curand|cusparse|cufft|nvJitLink)\.so)(?<library>lib[\w.+-]{1,80}\.so[\w.]{0,20}): cannot open shared object file/,
    ],
    cause:
      'The program needs {library}, and the loader does not find it. Libraries of llama.cpp (libllama, libggml, libmtmd) lie beside its programs and must stay there.',
    fix: 'Install the package that has it; for a library of llama.cpp unpack the whole release into one folder, or put that folder on the library path.',
    commands: [
      'ldd "$(command -v llama-server)"',
      'export LD_LIBRARY_PATH="$PWD:$LD_LIBRARY_PATH"',
    ],
    examples: [
      {
        log: 'node: error while loading shared libraries: libstdc++.so.6: cannot open shared object file: No such file or directory',
        source: githubIssue('fredrb/nv#1'),
      },
    ],
  },
  {
    id: 'glibc-too-old',
    title: 'The program needs a newer system: {version}',
    role: 'cause',
    patterns: [/version [`'"](?<version>GLIBC_[\d.]{1,10})['"] not found/],
    cause:
      'The program was built on a system with a newer C library ({version}) than this one has. The C library is part of the system and cannot be replaced by itself.',
    fix: 'Use a build for an older system, build llama.cpp here, run it in a container of a newer system, or upgrade the system.',
    commands: ['ldd --version | head -1', 'llcuda inspect "$(command -v llama-server)"'],
    examples: [
      {
        log: "llm_demo: /lib/aarch64-linux-gnu/libc.so.6: version `GLIBC_2.34' not found (required by ./llm_demo)",
        source: githubIssue('airockchip/rknn-llm#276'),
      },
      {
        log: "./CleanDoom.x86_64: /lib/x86_64-linux-gnu/libm.so.6: version `GLIBC_2.38' not found (required by ./CleanDoom.x86_64)",
        source: githubIssue('popcar2/CleanDoom#1'),
      },
    ],
  },
  {
    id: 'libstdcxx-too-old',
    title: 'The program needs a newer C++ library: {version}',
    role: 'cause',
    patterns: [/version [`'"](?<version>(?:GLIBCXX|CXXABI)_[\d.]{1,10})['"] not found/],
    cause:
      'The libstdc++ that was loaded lacks {version}. Either the system is older than the one of the build, or an older copy (of conda, of MATLAB) comes first on the library path.',
    fix: "See which copy is loaded. Prefer the system's, or install a newer one (in conda: libstdcxx-ng).",
    commands: [
      'ldd libllama.so | grep stdc++',
      'strings /usr/lib/x86_64-linux-gnu/libstdc++.so.6 | grep GLIBCXX | tail -3',
      'conda install -c conda-forge libstdcxx-ng',
    ],
    examples: [
      {
        log: "/tmp/libllama.so: /usr/lib/x86_64-linux-gnu/libstdc++.so.6: version `GLIBCXX_3.4.29' not found (required by /tmp/libllama.so)",
        source: githubIssue('kherud/java-llama.cpp#19'),
      },
      {
        log: "./llm_demo: /lib/aarch64-linux-gnu/libstdc++.so.6: version `GLIBCXX_3.4.32' not found (required by ./llm_demo)",
        source: githubIssue('airockchip/rknn-llm#276'),
      },
    ],
  },
  {
    id: 'musl-system',
    title: 'The program is for another C library than this system has',
    role: 'cause',
    patterns: [
      /Error loading shared library (?<library>[\w.+-]{1,80}): No such file or directory \(needed by/,
      /Error relocating \S{1,200}: \S{1,200}: symbol not found/,
      /(?:ld-linux-x86-64\.so\.2|ld-linux-aarch64\.so\.1): (?:not found|No such file)/,
    ],
    cause:
      'This is a system with musl (Alpine), and the program was built for glibc, or the C++ library is not installed. CUDA itself exists for glibc only.',
    fix: 'Use an image with glibc (Debian, Ubuntu) for anything with CUDA; for a program built for Alpine install libstdc++ and libgcc.',
    commands: ['cat /etc/os-release | head -2', 'apk add libstdc++ libgcc'],
    examples: [
      {
        log: 'Error loading shared library libstdc++.so.6: No such file or directory (needed by /usr/local/bin/node)',
        source: githubIssue('nodejs/unofficial-builds#95'),
      },
      {
        log: 'Error relocating /usr/bin/node: _ZNSt7__cxx1112basic_stringIcSt11char_traitsIcESaIcEE9push_backEc: symbol not found',
        source: githubIssue('mhart/alpine-node#144'),
      },
    ],
  },
  {
    id: 'exec-format',
    title: 'The program is for another kind of processor',
    role: 'cause',
    patterns: [
      /Exec format error/i,
      /wrong ELF class: ELFCLASS(?:32|64)/,
      /cannot execute binary file(?!: Exec)/,
    ],
    cause:
      'The file is for another architecture (x86-64 and arm64 are not interchangeable), for another system, or is no program at all, such as an HTML page saved by a failed download.',
    fix: 'Compare the two, then fetch the build for this machine.',
    commands: ['uname -m', 'file "$(command -v llama-server)"'],
    examples: [
      {
        log: '-bash: /root/proxy/UltimateProxyV2: cannot execute binary file: Exec format error',
        source: githubIssue('romslf/Ultimate-Proxy#20'),
      },
      { log: 'zsh: exec format error: ./llamafile', source: githubIssue('mozilla-ai/llamafile#7') },
    ],
  },
  {
    id: 'symbol-missing',
    title: 'A library is of another version than the program: {symbol}',
    role: 'cause',
    patterns: [
      /symbol lookup error: (?<file>\S{1,160}): undefined symbol: (?<symbol>[\w@.]{1,120})/,
      /ImportError: \S{1,160}: undefined symbol: (?<symbol>[\w@.]{1,120})/,
    ],
    cause:
      '{file|A file} wants the symbol {symbol}, which the library that was loaded does not have: libraries of two builds or two CUDA versions are mixed.',
    fix: 'Remove the older copy, or put the folder of the right one first on the library path.',
    commands: ['ldd {file|libggml-cuda.so}', 'echo "$LD_LIBRARY_PATH"'],
    examples: [
      {
        log: 'llama-server: symbol lookup error: /usr/local/lib/libllama.so: undefined symbol: ggml_backend_dev_count',
        source: 'https://sourceware.org/git/?p=glibc.git;a=blob;f=elf/dl-lookup.c',
      },
    ],
  },
  {
    id: 'permission-denied',
    title: 'The system does not allow it',
    role: 'failure',
    patterns: [/\bPermission denied\b/, /\bEACCES\b/],
    cause:
      'The file is not executable, belongs to someone else, or lies on a file system mounted with noexec; for /dev/nvidia* the user lacks the group.',
    fix: 'Check who may do what.',
    commands: ['ls -l "$(command -v llama-server)"', 'id', 'findmnt -T . -o TARGET,OPTIONS'],
    examples: [
      {
        log: 'bash: ./llama-server: Permission denied',
        source: 'https://sourceware.org/git/?p=glibc.git;a=blob;f=sysdeps/gnu/errlist.h',
      },
    ],
  },
  {
    id: 'illegal-instruction',
    title: 'The processor does not know an instruction of the program',
    role: 'cause',
    patterns: [
      /Illegal (?:hardware )?instruction/i,
      /trap invalid opcode/,
      /\bSIGILL\b/,
      /0xc000001d/i,
    ],
    cause:
      'The program was built for a newer processor: with AVX, AVX2, AVX-512 or AMX, which this one, or the virtual machine, does not have.',
    fix: 'Use a build that chooses by processor (libggml-cpu-*.so), or build llama.cpp here.',
    commands: [
      'grep -m1 -oE "avx2|avx512f|avx" /proc/cpuinfo | sort -u',
      'cmake -B build -DGGML_NATIVE=ON',
    ],
    examples: [
      { log: 'Illegal instruction (core dumped)', source: githubIssue('unslothai/unsloth#4535') },
      {
        log: 'kernel: [1728595.660950] traps: python3[213941] trap invalid opcode ip:7f4aa44a4e94 sp:7ffceec92e60 error:0 in libllama.so[7f4aa448a000+9f000]',
        source: githubIssue('abetlen/llama-cpp-python#839'),
      },
    ],
  },
  {
    id: 'bus-error',
    title: 'A mapped file or shared memory was not there (bus error)',
    role: 'cause',
    patterns: [/\bBus error\b/, /\bSIGBUS\b/],
    cause:
      'A page of a mapped file could not be read: the model file was cut off or replaced while it was open, the disk failed, or a container has too little shared memory (/dev/shm).',
    fix: 'Check the file and the disk; give a container more shared memory, or load without mapping (--no-mmap).',
    commands: [
      'df -h . /dev/shm',
      'llama-server -m {model|MODEL.gguf} --no-mmap',
      'docker run --shm-size=2g IMAGE',
    ],
    examples: [{ log: 'Bus error (core dumped)', source: githubIssue('oobabooga/textgen#4201') }],
  },
  {
    id: 'compiler-killed',
    title: 'The compiler was killed: too little memory',
    role: 'cause',
    patterns: [
      /fatal error: Killed signal terminated program (?<program>\w{1,30})/,
      /nvcc error\s{0,4}: '\w{1,30}' died due to signal 9/,
      /\] Killed$/,
      /FAILED: \[code=137\]/,
    ],
    cause:
      'The system ended {program|the compiler} because memory ran out. The CUDA files of llama.cpp take 1 to 3 GB each, times the number of jobs.',
    fix: 'Build with fewer jobs and for your GPU only.',
    commands: [
      'cmake --build build --config Release -j 2',
      'cmake -B build -DGGML_CUDA=ON -DCMAKE_CUDA_ARCHITECTURES={arch|native}',
      'free -h',
    ],
    examples: [
      {
        log: 'c++: fatal error: Killed signal terminated program cc1plus',
        source: githubIssue('Anbeeld/beellama.cpp#80'),
      },
      { log: '[build] Killed', source: githubIssue('ggml-org/llama.cpp#13375') },
    ],
  },
  {
    id: 'out-of-memory-killer',
    title: 'The system killed the program: memory ran out',
    role: 'cause',
    patterns: [
      /^\s{0,10}Killed$/,
      /Out of memory: Killed process \d{1,10} \((?<program>[^()]{1,40})\)/,
      /oom-kill:constraint=/,
      /Memory cgroup out of memory/,
      /\bOOMKilled\b/,
      /(?:exited with|exit) code:? 137\b/i,
      /\bSIGKILL\b/,
    ],
    cause:
      'The kernel ended {program|the program} because the machine, or the container by its limit, had no memory left.',
    fix: 'Use a smaller model or quantization, a shorter context, more layers on the GPU; raise the limit of the container.',
    commands: [
      'free -h',
      'sudo dmesg | grep -iE "killed process|oom" | tail',
      'cat /sys/fs/cgroup/memory.max',
    ],
    examples: [
      { log: 'Killed', source: githubIssue('ggml-org/llama.cpp#1637') },
      {
        log: '[12345.678901] Out of memory: Killed process 4242 (llama-server) total-vm:41943040kB, anon-rss:31457280kB, file-rss:0kB, shmem-rss:0kB',
        source:
          'https://git.kernel.org/pub/scm/linux/kernel/git/torvalds/linux.git/tree/mm/oom_kill.c',
      },
    ],
  },
  {
    id: 'segmentation-fault',
    title: 'The program crashed',
    role: 'consequence',
    patterns: [
      /Segmentation fault/i,
      /\bSIGSEGV\b/,
      /\bSIGABRT\b/,
      /Aborted \(core dumped\)/,
      /0xc0000005|0xc0000409|3221225477/i,
    ],
    cause:
      'The program used memory that is not its own, or stopped itself; lines before it may say why.',
    fix: 'Look for the first error above. Without one: try another version, without --mmproj, -fa and other options, to find what it depends on.',
    commands: ['llama-server --version'],
    examples: [
      { log: 'Segmentation fault', source: githubIssue('abetlen/llama-cpp-python#585') },
      { log: 'Aborted (core dumped)', source: githubIssue('ggml-org/llama.cpp#13909') },
    ],
  },
  {
    id: 'disk-full',
    title: 'The disk is full',
    role: 'cause',
    patterns: [
      /No space left on device/i,
      /\bENOSPC\b/,
      /Disk quota exceeded/i,
      /not enough free disk space/i,
    ],
    cause:
      'There is no room for what is written: a model, an archive being unpacked, or files of a build.',
    fix: 'Make room, or let llcuda use another disk (LLCUDA_HOME).',
    commands: [
      'df -h . ~/.cache /tmp',
      'du -sh ~/.cache/llcuda ~/.cache/huggingface ~/.cache/llama.cpp 2>/dev/null',
    ],
    examples: [
      {
        log: 'OSError: [Errno 28] No space left on device',
        source: 'https://sourceware.org/git/?p=glibc.git;a=blob;f=sysdeps/gnu/errlist.h',
      },
    ],
  },
];
