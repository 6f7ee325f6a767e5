import type { KnownError } from '../known-error.ts';
import { githubIssue, llamaCppFile } from '../sources.ts';
import { defineCudaError } from './define-cuda-error.ts';

/** CUDA at run time: memory, devices, faults of kernels; cuBLAS and NCCL. */
export const cudaErrors: readonly KnownError[] = [
  defineCudaError(2, {
    id: 'gpu-out-of-memory',
    title: 'The GPU has too little free memory',
    names: ['cudaErrorMemoryAllocation', 'CUDA_ERROR_OUT_OF_MEMORY'],
    text: 'cudaMalloc failed: out of memory',
    patterns: [/\bCUDA(?: error)?: out of memory/i, /\bCUDA out of memory/i],
    cause:
      'An allocation on the GPU failed ({allocation|its size is not in the log}): weights, KV cache and work buffers together are larger than what is free. Other programs, and other models that are still loaded, count too.',
    fix: 'See what else holds memory; then use a shorter context (-c), fewer layers on the GPU (-ngl), a smaller quantization, or a KV cache of 8 bits (-ctk q8_0 -ctv q8_0 -fa on).',
    commands: [
      'nvidia-smi',
      'llama-server -m {model|MODEL.gguf} -c 4096 -ctk q8_0 -ctv q8_0 -fa on',
    ],
    examples: [
      {
        log: 'ggml_backend_cuda_buffer_type_alloc_buffer: allocating 8900.01 MiB on device 0: cudaMalloc failed: out of memory',
        source: llamaCppFile('ggml/src/ggml-cuda/ggml-cuda.cu'),
      },
      {
        log: 'ggml_backend_cuda_buffer_type_alloc_buffer: allocating 204800.00 MiB on device 0: cudaMalloc failed: out of memory',
        source: githubIssue('abetlen/llama-cpp-python#1944'),
      },
      {
        log: 'CUDA error: out of memory',
        source: 'https://docs.nvidia.com/cuda/cuda-runtime-api/group__CUDART__TYPES.html',
      },
    ],
  }),
  defineCudaError(3, {
    id: 'cuda-initialization-error',
    title: 'CUDA could not be initialized',
    names: ['cudaErrorInitializationError', 'CUDA_ERROR_NOT_INITIALIZED'],
    patterns: [
      /failed to initialize CUDA: ?initialization error/i,
      /CUDA error: initialization error/i,
    ],
    text: 'CUDA driver initialization failed',
    cause:
      'The driver did not start for this program: it is damaged or too old, its kernel module is not loaded, or the process was forked after CUDA had been used.',
    fix: 'Check that nvidia-smi works as the same user, in the same container. After a driver update, restart the machine.',
    commands: ['nvidia-smi', 'llcuda doctor'],
    examples: [
      {
        log: 'ggml_cuda_init: failed to initialize CUDA: initialization error',
        source: githubIssue('meta-llama/llama3#215'),
      },
      {
        log: 'CUDA error 3 at .. ggml-cuda.cu:2268: initialization error',
        source: githubIssue('abetlen/llama-cpp-python#382'),
      },
    ],
  }),
  defineCudaError(34, {
    id: 'cuda-stub-driver',
    title: 'The stub of a CUDA toolkit is loaded instead of the driver',
    cause:
      'A CUDA toolkit comes with an empty libcuda.so for linking, in a folder named stubs. That folder comes first on the library path, so the real driver is never loaded.',
    fix: 'Take the stubs folder off LD_LIBRARY_PATH, and off /etc/ld.so.conf.d.',
    commands: ['echo "$LD_LIBRARY_PATH"', 'ldconfig -p | grep libcuda.so', 'llcuda doctor'],
    examples: [
      {
        log: 'Error: Could not detect active GPU device ID [CUDA driver is a stub library]',
        source: githubIssue('NVIDIA/cutlass#1636'),
      },
    ],
  }),
  defineCudaError(46, {
    id: 'cuda-devices-busy',
    title: 'The GPU is busy or not available',
    names: ['cudaErrorDevicesUnavailable'],
    text: 'CUDA-capable device(s) is/are busy or unavailable',
    patterns: [/all CUDA-capable devices are busy or unavailable/i],
    cause:
      'The GPU is there, but gives no context to this program: another process holds it in exclusive mode, a virtual GPU has no licence, or the driver is in a bad state.',
    fix: 'See who uses it and in which compute mode; end that process, or set the mode back to Default. Restart the machine if nobody does.',
    commands: ['nvidia-smi --query-gpu=name,compute_mode --format=csv', 'nvidia-smi'],
    examples: [
      {
        log: 'CUDA error: CUDA-capable device(s) is/are busy or unavailable',
        source: githubIssue('ggml-org/llama.cpp#11841'),
      },
      {
        log: 'CUDA error: all CUDA-capable devices are busy or unavailable',
        source: githubIssue('ollama/ollama#10409'),
      },
    ],
  }),
  defineCudaError(100, {
    id: 'cuda-no-device',
    title: 'CUDA sees no GPU',
    cause:
      'The driver is there, but shows this program no GPU: CUDA_VISIBLE_DEVICES hides it, the container got none, the device files are missing, or this driver does not know the GPU.',
    fix: 'Check the variable, then nvidia-smi as the same user and in the same container. With docker, start it with --gpus all.',
    commands: ['echo "CUDA_VISIBLE_DEVICES=$CUDA_VISIBLE_DEVICES"', 'nvidia-smi', 'llcuda doctor'],
    examples: [
      {
        log: 'ggml_cuda_init: failed to initialize CUDA: no CUDA-capable device is detected',
        source: githubIssue('abetlen/llama-cpp-python#1890'),
      },
    ],
  }),
  defineCudaError(101, {
    id: 'cuda-invalid-device',
    title: 'A GPU with this number does not exist',
    names: ['cudaErrorInvalidDevice', 'CUDA_ERROR_INVALID_DEVICE'],
    text: 'invalid device ordinal',
    cause:
      'The program asked for a GPU by a number that is not there. CUDA_VISIBLE_DEVICES renumbers the GPUs from 0.',
    fix: 'Give a number that nvidia-smi lists, counted among the visible ones.',
    commands: ['nvidia-smi --list-gpus', 'echo "CUDA_VISIBLE_DEVICES=$CUDA_VISIBLE_DEVICES"'],
    examples: [
      {
        log: 'RuntimeError: CUDA error: invalid device ordinal',
        source: githubIssue('meta-llama/llama#946'),
      },
    ],
  }),
  defineCudaError(700, {
    id: 'cuda-illegal-address',
    title: 'A kernel read or wrote where it must not',
    role: 'failure',
    names: ['cudaErrorIllegalAddress', 'CUDA_ERROR_ILLEGAL_ADDRESS'],
    text: 'an illegal memory access was encountered',
    cause:
      'A kernel used an address that is not its own. Mostly that is a bug of this version of llama.cpp with this model or these flags; sometimes bad memory or overclocking.',
    fix: 'Try a newer or an older llama.cpp, and without flash attention (-fa off), CUDA graphs and a quantized KV cache. The variables show which kernel it is, for a report.',
    commands: [
      'CUDA_LAUNCH_BLOCKING=1 GGML_CUDA_DISABLE_GRAPHS=1 llama-server -m {model|MODEL.gguf} -fa off',
    ],
    examples: [
      {
        log: 'CUDA error: an illegal memory access was encountered',
        source: githubIssue('ggml-org/llama.cpp#13909'),
      },
    ],
  }),
  defineCudaError(719, {
    id: 'cuda-launch-failure',
    title: 'A kernel failed while it ran',
    role: 'failure',
    names: ['cudaErrorLaunchFailure', 'CUDA_ERROR_LAUNCH_FAILED'],
    text: 'unspecified launch failure',
    cause:
      'A kernel ended with a fault that CUDA does not name: a bug of llama.cpp with this model, a driver fault, overheating, or failing hardware. The kernel log often has an Xid line that says more.',
    fix: 'Look for Xid lines, try a newer driver and llama.cpp, and run without overclocking.',
    commands: ['sudo dmesg | grep -i xid', 'nvidia-smi -q -d TEMPERATURE,ECC'],
    examples: [
      {
        log: 'CUDA error 719 at ggml-cuda.cu:8021: unspecified launch failure',
        source: githubIssue('ggml-org/llama.cpp#4563'),
      },
    ],
  }),
  defineCudaError(802, {
    id: 'cuda-system-not-ready',
    title: 'The NVLink fabric of the machine is not started',
    names: ['cudaErrorSystemNotReady', 'CUDA_ERROR_SYSTEM_NOT_READY'],
    text: 'system not yet initialized',
    cause:
      'Servers with NVSwitch (SXM boards of A100, H100 and others) need the Fabric Manager of exactly the same version as the driver; it does not run.',
    fix: 'Install the Fabric Manager of the version that nvidia-smi prints, and start it.',
    commands: [
      'systemctl status nvidia-fabricmanager',
      'sudo systemctl start nvidia-fabricmanager',
    ],
    examples: [
      {
        log: 'ggml_cuda_init: failed to initialize CUDA: system not yet initialized',
        source: githubIssue('ggml-org/llama.cpp#13059'),
      },
    ],
  }),
  defineCudaError(803, {
    id: 'cuda-driver-mismatch',
    title: 'Two versions of the driver are mixed',
    cause:
      'The driver library (libcuda) that was loaded is not of the version of the kernel module: after an update without a restart, or because a cuda-compat folder or an old copy comes first on the library path.',
    fix: 'Restart the machine after an update; take cuda-compat folders and copies of libcuda off LD_LIBRARY_PATH.',
    commands: ['cat /proc/driver/nvidia/version', 'ldconfig -p | grep libcuda.so', 'llcuda doctor'],
    examples: [
      {
        log: 'ggml_cuda_init: failed to initialize CUDA: system has unsupported display driver / cuda driver combination',
        source: githubIssue('ggml-org/llama.cpp#17542'),
      },
    ],
  }),
  defineCudaError(804, {
    id: 'cuda-forward-compat-unsupported',
    title: 'A cuda-compat package is used on a GPU that does not support it',
    cause:
      'The libcuda of a cuda-compat package comes first on the library path. Forward compatibility is for data centre GPUs only; on a GeForce it ends with this error. CUDA images of docker hold such a folder.',
    fix: 'Take the compat folder off the library path, or use an image whose CUDA version the driver has itself.',
    commands: ['ldconfig -p | grep libcuda.so', 'echo "$LD_LIBRARY_PATH"', 'llcuda doctor'],
    examples: [
      {
        log: 'ggml_cuda_init: failed to initialize CUDA: forward compatibility was attempted on non supported HW',
        source: githubIssue('noonghunna/club-3090#222'),
      },
      {
        log: 'Unexpected error from cudaGetDeviceCount(). Did you run some cuda functions before calling NumCudaDevices() that might have already set an error? Error 804: forward compatibility was attempted on non supported HW',
        source: githubIssue('gpustack/gpustack#1540'),
      },
    ],
  }),
  defineCudaError(999, {
    id: 'cuda-unknown-error',
    title: 'CUDA failed with an unknown error, often a missing kernel module',
    names: ['cudaErrorUnknown', 'CUDA_ERROR_UNKNOWN'],
    text: 'failed to initialize CUDA: unknown error',
    patterns: [/\bCUDA error: unknown error/i],
    cause:
      'The driver gives no reason. Most often the module nvidia_uvm is not loaded, or it broke when the machine went to sleep; in containers /dev/nvidia-uvm may be missing.',
    fix: 'Load the module again while nothing uses the GPU, or restart the machine. In a container, check its device files.',
    commands: ['ls -l /dev/nvidia*', 'sudo rmmod nvidia_uvm; sudo modprobe nvidia_uvm'],
    examples: [
      {
        log: 'ggml_cuda_init: failed to initialize CUDA: unknown error',
        source: githubIssue('ggml-org/llama.cpp#7218'),
      },
      {
        log: 'CUDA failure 999: unknown error ; GPU=192915439 ; expr=cudaSetDevice(info_.device_id);',
        source: githubIssue('microsoft/onnxruntime#14211'),
      },
    ],
  }),
  {
    id: 'cublas-not-initialized',
    title: 'cuBLAS could not start',
    role: 'failure',
    patterns: [/CUBLAS_STATUS_(?:NOT_INITIALIZED|ALLOC_FAILED)/],
    cause:
      'cuBLAS got no memory for its own use, mostly because the model fills the GPU to the last; else its libraries are of another version than the CUDA runtime.',
    fix: 'Leave some hundred megabytes free: a shorter context or fewer layers on the GPU (-ngl). If there is room, check that libcublas and libcudart are of the same CUDA version.',
    commands: ['nvidia-smi', 'ldconfig -p | grep -E "libcublas|libcudart"'],
    examples: [
      {
        log: 'CUDA error: CUBLAS_STATUS_NOT_INITIALIZED',
        source: githubIssue('ollama/ollama#5839'),
      },
      {
        log: 'cuBLAS error: CUBLAS_STATUS_ALLOC_FAILED',
        source: 'https://docs.nvidia.com/cuda/cublas/index.html#cublasstatus-t',
      },
    ],
  },
  {
    id: 'cublas-not-supported',
    title: 'cuBLAS does not do this on this GPU',
    role: 'failure',
    patterns: [
      /CUBLAS_STATUS_(?:NOT_SUPPORTED|ARCH_MISMATCH)/,
      /CUDA error: the requested functionality is not supported/,
    ],
    cause:
      'cuBLAS refused an operation: the GPU is too old for its data type, or the sizes are not allowed.',
    fix: "Use llama.cpp's own kernels instead of cuBLAS (build with -DGGML_CUDA_FORCE_MMQ=ON), or another quantization; try a newer llama.cpp.",
    commands: ['cmake -B build -DGGML_CUDA=ON -DGGML_CUDA_FORCE_MMQ=ON'],
    examples: [
      {
        log: 'CUDA error: the requested functionality is not supported',
        source: githubIssue('ggml-org/llama.cpp#24999'),
      },
    ],
  },
  {
    id: 'nccl-error',
    title: 'NCCL, which moves data between GPUs, failed',
    role: 'failure',
    patterns: [
      /NCCL error: unhandled/i,
      /CUDA error: unhandled (?:cuda|system) error/i,
      /ncclCommInit(?:All|Rank)\(/,
      /NCCL WARN /,
      /\bnccl(?:UnhandledCuda|System|Internal|InvalidUsage)Error\b/,
    ],
    cause:
      'The GPUs could not set up a connection: too little shared memory in a container, blocked peer access, or an NCCL of another CUDA version.',
    fix: 'Give a container shared memory (--shm-size=1g), let NCCL say more, or split by layers, which does without NCCL (-sm layer).',
    commands: ['NCCL_DEBUG=INFO NCCL_P2P_DISABLE=1 llama-server -m {model|MODEL.gguf}'],
    examples: [
      {
        log: '  ncclCommInitAll(info.comms, info.device_count, dev_ids)',
        source: githubIssue('ggml-org/llama.cpp#21719'),
      },
      {
        log: '[rank0]: RuntimeError: NCCL error: unhandled cuda error (run with NCCL_DEBUG=INFO for details)',
        source: githubIssue('vllm-project/vllm#6732'),
      },
    ],
  },
  {
    id: 'nccl-fallback',
    title: 'NCCL is not used: several GPUs work together more slowly',
    role: 'note',
    patterns: [/NCCL init failed \(/, /NCCL not compiled in; falling back/],
    cause: 'llama.cpp goes on with its own exchange between GPUs.',
    fix: 'Nothing is needed; for more speed install NCCL of the same CUDA version and build again.',
    commands: ['ldconfig -p | grep libnccl'],
    examples: [
      {
        log: 'NCCL not compiled in; falling back to internal AllReduce.',
        source: llamaCppFile('ggml/src/ggml-cuda/ggml-cuda.cu'),
      },
    ],
  },
  {
    id: 'cuda-host-memory',
    title: 'No pinned memory could be had: transfers are slower',
    role: 'note',
    patterns: [/failed to (?:allocate|register) \d{1,9}\.\d\d Mi?B of pinned memory/i],
    cause: 'The system gives no more page-locked memory; llama.cpp goes on with ordinary memory.',
    fix: 'Nothing is needed, unless lines after it say that CUDA itself failed.',
    commands: ['free -h'],
    examples: [
      {
        log: 'ggml_cuda_host_malloc: failed to allocate 512.00 MiB of pinned memory: out of host memory',
        source: llamaCppFile('ggml/src/ggml-cuda/ggml-cuda.cu'),
      },
    ],
  },
  {
    id: 'ggml-abort',
    title: 'llama.cpp stopped itself',
    role: 'consequence',
    patterns: [
      /\bGGML_ASSERT(?:\(|:)/,
      /ggml_abort/,
      /ggml_cuda_compute_forward: \w{1,40} failed/,
      /ggml-cuda\.cu:\d{1,5}: CUDA error$/,
    ],
    cause: 'An operation failed or a check of llama.cpp did; the lines around it say which.',
    fix: 'Look for the error just before or after it. An assertion without one is a bug of llama.cpp: try another version and report it.',
    commands: [],
    examples: [
      {
        log: 'ggml_cuda_compute_forward: RMS_NORM failed',
        source: githubIssue('ggml-org/llama.cpp#6433'),
      },
      {
        log: 'GGML_ASSERT: ggml-cuda.cu:8021: !"CUDA error"',
        source: githubIssue('ggml-org/llama.cpp#4563'),
      },
    ],
  },
];
