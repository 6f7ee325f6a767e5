// Hosts that are composed from documented output, each as a list of parts: services, containers, personal machines.
import { builds, llamaCpp } from './llama-cpp.mjs';
import {
  LAYOUT,
  SMI_FORMS,
  driverLibraries,
  kernelDriver,
  linux,
  native,
  smi,
  toolkit,
  ubuntu22,
  ubuntu24,
  uuid,
  x86,
} from './parts.mjs';

const t4 = (number, address) => ({
  name: 'Tesla T4',
  capability: '7.5',
  address,
  uuid: uuid(number),
  totalMib: 15_360,
  freeMib: 14_913,
  deviceId: '1EB810DE',
  ecc: 'Enabled',
  watts: ['9.26', '70.00'],
  celsius: 39,
  utilization: 0,
});
const cloud = { ...x86, cores: 2, memoryGib: 13 };

const colabEnv = {
  COLAB_RELEASE_TAG: 'release-colab_20250903',
  COLAB_GPU: '1',
  LD_LIBRARY_PATH: '/usr/lib64-nvidia',
  NVIDIA_VISIBLE_DEVICES: 'all',
};
const onContent = '/content/llama.cpp/build/bin';

export const commonHosts = {
  'colab-t4-550': {
    machine:
      'Google Colab with a T4 before its move to driver 580, and llama.cpp built with CUDA 12.8: sm_75 is PTX 8.7 only, error 222',
    sources: [
      'versions: googlecolab/colabtools #5578, NVDLI/notebooks #12',
      'driver libraries in /usr/lib64-nvidia: many notebooks',
      SMI_FORMS,
    ],
    env: { ...colabEnv, LLAMA_CPP_DIR: '/content/llama.cpp' },
    home: '/root',
    parts: [
      linux({ ...ubuntu22, ...cloud }),
      smi({ driver: '550.54.15', cuda: '12.4', gpus: [t4(1, '0000:00:04.0')] }),
      kernelDriver('550.54.15'),
      driverLibraries('/usr/lib64-nvidia', '550.54.15', { isCached: false }),
      toolkit('12.5', '12.5.1', '12.5.82'),
      llamaCpp(onContent, builds['cuda-12.8']),
    ],
  },
  'colab-t4-580': {
    machine:
      'Google Colab with a T4 after its move to driver 580.82.07, and a llama.cpp built with CUDA 13.1: PTX 9.1, error 222',
    sources: ['versions: three notebook runs of 2026-06-17 to 2026-06-22', SMI_FORMS],
    env: { ...colabEnv, LLAMA_CPP_DIR: '/content/llama.cpp' },
    home: '/root',
    parts: [
      linux({ ...ubuntu22, ...cloud }),
      smi({ driver: '580.82.07', cuda: '13.0', gpus: [t4(1, '0000:00:04.0')] }),
      kernelDriver('580.82.07'),
      driverLibraries('/usr/lib64-nvidia', '580.82.07', { isCached: false }),
      toolkit('12.8', '12.8.1', '12.8.93'),
      llamaCpp(onContent, { ...builds['cuda-13.1'], isBundled: true }),
    ],
  },
  'kaggle-2xt4': {
    machine: 'Kaggle with two T4, and llama.cpp built with CUDA 12.4: runs through the JIT',
    sources: [
      'same base as Colab: an environment dump with both services; driver 580 from one repository README',
      SMI_FORMS,
    ],
    env: {
      KAGGLE_KERNEL_RUN_TYPE: 'Interactive',
      KAGGLE_URL_BASE: 'https://www.kaggle.com',
      LD_LIBRARY_PATH: '/usr/local/cuda/lib64:/usr/local/nvidia/lib64',
      LLAMA_SERVER_PATH: '/kaggle/working/bin/llama-server',
    },
    home: '/root',
    parts: [
      linux({ ...ubuntu22, ...cloud, cores: 4, memoryGib: 31 }),
      smi({
        driver: '580.82.07',
        cuda: '13.0',
        gpus: [t4(1, '0000:00:04.0'), t4(2, '0000:00:05.0')],
      }),
      kernelDriver('580.82.07', { gpuCount: 2 }),
      driverLibraries('/usr/local/nvidia/lib64', '580.82.07', { isCached: false }),
      toolkit('12.5', '12.5.1', '12.5.82'),
      llamaCpp('/kaggle/working/bin', builds['cuda-12.4']),
    ],
  },
  wsl2: {
    machine:
      'WSL2 on Windows 11 with a GeForce RTX 4070: driver libraries in /usr/lib/wsl/lib, nvidia-smi off PATH',
    sources: ['CUDA on WSL User Guide', SMI_FORMS],
    parts: [
      linux({
        ...ubuntu24,
        kernel: '5.15.167.4-microsoft-standard-WSL2',
        ...x86,
        cpu: '13th Gen Intel(R) Core(TM) i7-13700K',
        cores: 16,
        memoryGib: 16,
      }),
      smi({
        command: '/usr/lib/wsl/lib/nvidia-smi',
        driver: '572.61',
        cuda: '12.8',
        gpus: [
          {
            name: 'NVIDIA GeForce RTX 4070',
            capability: '8.9',
            address: '0000:01:00.0',
            uuid: uuid(1),
            totalMib: 12_282,
            freeMib: 10_911,
            display: 'Enabled',
          },
        ],
      }),
      {
        entries: {
          '/dev/dxg': { kind: 'other' },
          '/usr/lib/wsl/lib/libcuda.so.1': { sizeBytes: 166_520 },
          '/usr/lib/wsl/lib/libnvidia-ml.so.1': { sizeBytes: 230_000 },
        },
        cache: [
          ['libcuda.so.1', '/usr/lib/wsl/lib/libcuda.so.1'],
          ['libnvidia-ml.so.1', '/usr/lib/wsl/lib/libnvidia-ml.so.1'],
        ],
      },
      llamaCpp('/home/user/llama.cpp/build/bin', { ...builds['cuda-12.4'], isBundled: true }),
    ],
    env: { LLAMA_CPP_DIR: '/home/user/llama.cpp' },
  },
  'laptop-940m-470': {
    machine:
      'A laptop with a GeForce 940M and driver 470, which has no compute_cap query; llama.cpp built with CUDA 12.4: error 35',
    sources: ['nvidia-smi of R470: the field is refused', SMI_FORMS, LAYOUT],
    env: { LLAMA_SERVER_PATH: '/opt/llama/bin/llama-server' },
    parts: [
      linux({
        ...ubuntu22,
        kernel: '5.15.0-119-generic',
        cpu: 'Intel(R) Core(TM) i5-6200U CPU @ 2.30GHz',
        flags: 'sse3 ssse3 fma sse4_1 sse4_2 f16c avx avx2 bmi2',
        cores: 4,
        memoryGib: 8,
      }),
      smi({
        isOld: true,
        driver: '470.256.02',
        cuda: '11.4',
        gpus: [
          {
            name: 'NVIDIA GeForce 940M',
            address: '0000:01:00.0',
            uuid: uuid(1),
            totalMib: 2004,
            freeMib: 1990,
            display: '[Not Supported]',
            celsius: 45,
          },
        ],
      }),
      kernelDriver('470.256.02'),
      driverLibraries('/lib/x86_64-linux-gnu', '470.256.02'),
      llamaCpp('/opt/llama/bin', { ...builds['cuda-12.4'], isBundled: true }),
    ],
  },
  'geforce-compat-804': {
    machine:
      'A container on a GeForce RTX 3090 with driver 550 whose image puts a cuda-compat 12.8 folder first: error 804',
    sources: [
      'noonghunna/club-3090 #633',
      'cuInit 804 CUDA_ERROR_COMPAT_NOT_SUPPORTED_ON_DEVICE: cuda.h',
      LAYOUT,
      SMI_FORMS,
    ],
    env: {
      LD_LIBRARY_PATH: '/usr/local/cuda/compat',
      LLAMA_SERVER_PATH: '/app/llama-server',
      NVIDIA_VISIBLE_DEVICES: 'all',
      NVIDIA_DRIVER_CAPABILITIES: 'compute,utility',
      CUDA_VERSION: '12.8.1',
    },
    home: '/root',
    parts: [
      linux({ ...ubuntu24, ...x86, cores: 8, memoryGib: 64 }),
      { entries: { '/.dockerenv': {} } },
      smi({
        driver: '550.163.01',
        cuda: 'N/A',
        gpus: [
          {
            name: 'NVIDIA GeForce RTX 3090',
            capability: '8.6',
            address: '0000:0a:00.0',
            uuid: uuid(1),
            totalMib: 24_576,
            freeMib: 24_154,
          },
        ],
      }),
      kernelDriver('550.163.01'),
      driverLibraries('/usr/lib/x86_64-linux-gnu', '550.163.01'),
      driverLibraries('/usr/local/cuda/compat', '570.124.06', { isCached: false, hasNvml: false }),
      {
        commands: {
          'llcuda-native-probe': {
            stdout: native({
              nvml: {
                isLoaded: true,
                initResult: 0,
                driverVersion: '550.163.01',
                deviceCount: 0,
                devices: [],
              },
              libcuda: {
                isLoaded: true,
                path: '/usr/local/cuda-12.8/compat/libcuda.so.570.124.06',
                initResult: 804,
                initError: 'CUDA_ERROR_COMPAT_NOT_SUPPORTED_ON_DEVICE',
                cudaVersion: 12_080,
                devices: [],
              },
            }),
          },
        },
      },
      toolkit('12.8', '12.8.1', '12.8.93', { isOnPath: false }),
      llamaCpp('/app', builds['cuda-12.8']),
    ],
  },
  'container-no-ptx-compiler': {
    machine:
      'A container on an A100 that was given libcuda and not libnvidia-ptxjitcompiler; llama.cpp has only PTX for it: error 221',
    sources: ['facts: minimal containers without the compiler', LAYOUT, SMI_FORMS],
    env: {
      NVIDIA_VISIBLE_DEVICES: 'all',
      NVIDIA_DRIVER_CAPABILITIES: 'utility',
      LLAMA_SERVER_PATH: '/app/llama-server',
      container: 'docker',
    },
    home: '/root',
    parts: [
      linux({ ...ubuntu22, ...x86, cores: 12, memoryGib: 85 }),
      {
        entries: { '/.dockerenv': {} },
        files: {
          '/sys/fs/cgroup/memory.max': '34359738368\n',
          '/sys/fs/cgroup/memory.current': '1073741824\n',
          '/sys/fs/cgroup/cpu.max': '400000 100000\n',
        },
      },
      smi({
        driver: '570.124.06',
        cuda: '12.8',
        gpus: [
          {
            name: 'NVIDIA A100-SXM4-40GB',
            capability: '8.0',
            address: '0000:00:05.0',
            uuid: uuid(1),
            totalMib: 40_960,
            freeMib: 40_326,
            migMode: 'Disabled',
            ecc: 'Enabled',
            persistence: 'Enabled',
          },
        ],
      }),
      kernelDriver('570.124.06'),
      driverLibraries('/usr/lib/x86_64-linux-gnu', '570.124.06', { hasCompiler: false }),
      toolkit('12.8', '12.8.1', '12.8.93', { isOnPath: false }),
      llamaCpp('/app', builds['cuda-12.8']),
    ],
  },
};
