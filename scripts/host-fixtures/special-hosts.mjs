// Hosts that are composed from documented output: those whose GPUs or drivers are out of the ordinary.
import { builds, llamaCpp } from './llama-cpp.mjs';
import {
  LAYOUT,
  SMI_FORMS,
  brokenSmi,
  driverLibraries,
  kernelDriver,
  linux,
  native,
  pci,
  smi,
  toolkit,
  ubuntu22,
  ubuntu24,
  uuid,
  x86,
} from './parts.mjs';

export const specialHosts = {
  'no-gpu': {
    machine: 'A server without a GPU, and a llama.cpp without CUDA',
    sources: [LAYOUT],
    env: { LLAMA_SERVER_PATH: '/usr/local/bin/llama-server' },
    parts: [
      linux({ ...ubuntu24, ...x86, cores: 4, memoryGib: 16 }),
      { files: pci('0000:00:02.0', '0x1234', '0x030000', '0x1111') },
      llamaCpp('/usr/local/bin', { ...builds['cuda-12.4'], cuda: false }),
    ],
  },
  'two-gpus': {
    machine:
      'A workstation with an RTX 3090 and a GTX 1080, CUDA_VISIBLE_DEVICES=1 and CUDA_DEVICE_ORDER unset; llama.cpp built with CUDA 12.8',
    sources: ['CUDA C++ Programming Guide, "CUDA Environment Variables"', LAYOUT, SMI_FORMS],
    env: { CUDA_VISIBLE_DEVICES: '1', LLAMA_SERVER_PATH: '/opt/llama/bin/llama-server' },
    parts: [
      linux({ ...ubuntu24, ...x86, cores: 16, memoryGib: 64 }),
      smi({
        driver: '570.124.06',
        cuda: '12.8',
        gpus: [
          {
            name: 'NVIDIA GeForce GTX 1080',
            capability: '6.1',
            address: '0000:17:00.0',
            uuid: uuid(1),
            totalMib: 8192,
            freeMib: 7700,
            display: 'Enabled',
            processes: [{ pid: 2210, name: '/usr/lib/xorg/Xorg', usedMib: 210 }],
          },
          {
            name: 'NVIDIA GeForce RTX 3090',
            capability: '8.6',
            address: '0000:65:00.0',
            uuid: uuid(2),
            totalMib: 24_576,
            freeMib: 24_100,
            watts: ['32.10', '350.00'],
            celsius: 41,
          },
        ],
      }),
      kernelDriver('570.124.06', { gpuCount: 2 }),
      driverLibraries('/lib/x86_64-linux-gnu', '570.124.06'),
      toolkit('12.8', '12.8.1', '12.8.93'),
      llamaCpp('/opt/llama/bin', builds['cuda-12.8']),
    ],
  },
  mig: {
    machine: 'An A100 80GB cut into two MIG instances, one of them visible',
    sources: ['NVIDIA MIG User Guide: nvidia-smi -L and the XML form', SMI_FORMS],
    env: {
      CUDA_VISIBLE_DEVICES: 'MIG-00000000-0000-0000-0000-000000000011',
      LLAMA_SERVER_PATH: '/opt/llama/bin/llama-server',
    },
    parts: [
      linux({ ...ubuntu22, ...x86, cores: 16, memoryGib: 128 }),
      smi({
        driver: '550.163.01',
        cuda: '12.4',
        gpus: [
          {
            name: 'NVIDIA A100 80GB PCIe',
            capability: '8.0',
            address: '0000:31:00.0',
            uuid: uuid(1),
            totalMib: 81_920,
            freeMib: 81_038,
            migMode: 'Enabled',
            ecc: 'Enabled',
            persistence: 'Enabled',
            mig: [
              {
                profile: '3g.40gb',
                uuid: 'MIG-00000000-0000-0000-0000-000000000011',
                totalMib: 40_192,
              },
              {
                profile: '1g.10gb',
                uuid: 'MIG-00000000-0000-0000-0000-000000000012',
                totalMib: 9728,
              },
            ],
          },
        ],
      }),
      kernelDriver('550.163.01'),
      driverLibraries('/lib/x86_64-linux-gnu', '550.163.01'),
      toolkit('12.4', '12.4.1', '12.4.131'),
      llamaCpp('/opt/llama/bin', builds['cuda-12.4']),
    ],
  },
  'dgx-spark': {
    machine:
      'A DGX Spark: GB10, compute capability 12.1, arm64, memory shared with the processor; llama.cpp built with CUDA 13.1',
    sources: ['NVIDIA DGX Spark User Guide; nvidia-smi prints N/A for its memory', SMI_FORMS],
    env: { LLAMA_SERVER_PATH: '/opt/llama/bin/llama-server' },
    parts: [
      linux({
        ...ubuntu24,
        name: 'NVIDIA DGX Spark Version 7.2.3',
        kernel: '6.11.0-1016-nvidia',
        arch: 'arm64',
        cores: 20,
        memoryGib: 119,
        cpu: '',
        flags: 'fp asimd evtstrm aes asimdhp asimddp sve sve2 i8mm bf16',
      }),
      smi({
        driver: '580.95.05',
        cuda: '13.0',
        gpus: [
          {
            name: 'NVIDIA GB10',
            capability: '12.1',
            address: '000f:01:00.0',
            uuid: uuid(1),
            persistence: 'Enabled',
            celsius: 38,
            utilization: 0,
          },
        ],
      }),
      kernelDriver('580.95.05', { isOpen: true }),
      driverLibraries('/lib/aarch64-linux-gnu', '580.95.05'),
      {
        entries: {
          '/usr/local/cuda/targets/sbsa-linux/lib/libcudart.so.13': {
            realPath: '/usr/local/cuda-13.0/targets/sbsa-linux/lib/libcudart.so.13.0.96',
            sizeBytes: 700_000,
          },
          '/usr/local/cuda/targets/sbsa-linux/lib/libcublas.so.13': {
            realPath: '/usr/local/cuda-13.0/targets/sbsa-linux/lib/libcublas.so.13.1.0.3',
            sizeBytes: 60_000_000,
          },
          '/usr/local/cuda/targets/sbsa-linux/lib/libcublasLt.so.13': {
            realPath: '/usr/local/cuda-13.0/targets/sbsa-linux/lib/libcublasLt.so.13.1.0.3',
            sizeBytes: 500_000_000,
          },
        },
        cache: [
          ['libcudart.so.13', '/usr/local/cuda/targets/sbsa-linux/lib/libcudart.so.13'],
          ['libcublas.so.13', '/usr/local/cuda/targets/sbsa-linux/lib/libcublas.so.13'],
          ['libcublasLt.so.13', '/usr/local/cuda/targets/sbsa-linux/lib/libcublasLt.so.13'],
        ],
      },
      llamaCpp('/opt/llama/bin', { ...builds['cuda-13.1'], arch: 'aarch64' }),
    ],
  },
  'jetson-orin': {
    machine:
      'A Jetson Orin Nano with JetPack 6.2 (L4T 36.4.3): its nvidia-smi knows little, NVML is not there',
    sources: [
      'NVIDIA Jetson Linux Developer Guide; /etc/nv_tegra_release of L4T 36.4.3',
      'libcuda: documented layout of L4T 36',
    ],
    env: { LLAMA_SERVER_PATH: '/opt/llama/bin/llama-server' },
    parts: [
      linux({
        ...ubuntu22,
        kernel: '5.15.148-tegra',
        arch: 'arm64',
        cores: 6,
        memoryGib: 7,
        cpu: '',
        flags: 'fp asimd evtstrm aes crc32 atomics fphp asimdhp cpuid asimdrdm lrcpc dcpop asimddp',
      }),
      {
        files: {
          '/etc/nv_tegra_release':
            '# R36 (release), REVISION: 4.3, GCID: 38968081, BOARD: generic, EABI: aarch64, DATE: Wed Jan  8 01:49:37 UTC 2025\n',
          '/proc/device-tree/model':
            'NVIDIA Jetson Orin Nano Engineering Reference Developer Kit Super\0',
        },
        folders: { '/sys/module/nvgpu': ['initstate', 'parameters'] },
        entries: {
          '/dev/nvmap': { kind: 'other' },
          '/dev/nvhost-gpu': { kind: 'other' },
          '/usr/lib/aarch64-linux-gnu/nvidia/libcuda.so.1': {
            realPath: '/usr/lib/aarch64-linux-gnu/nvidia/libcuda.so.1.1',
            sizeBytes: 29_000_000,
          },
          '/usr/lib/aarch64-linux-gnu/nvidia/libnvidia-ptxjitcompiler.so.1': {
            realPath: '/usr/lib/aarch64-linux-gnu/nvidia/libnvidia-ptxjitcompiler.so.540.4.0',
            sizeBytes: 21_000_000,
          },
        },
        cache: [
          ['libcuda.so.1', '/usr/lib/aarch64-linux-gnu/nvidia/libcuda.so.1'],
          [
            'libnvidia-ptxjitcompiler.so.1',
            '/usr/lib/aarch64-linux-gnu/nvidia/libnvidia-ptxjitcompiler.so.1',
          ],
        ],
        commands: {
          'llcuda-native-probe': {
            stdout: native({
              nvml: {
                isLoaded: false,
                loadError: 'libnvidia-ml.so.1: cannot open shared object file',
                devices: [],
              },
              libcuda: {
                isLoaded: true,
                path: '/usr/lib/aarch64-linux-gnu/nvidia/libcuda.so.1.1',
                initResult: 0,
                cudaVersion: 12_060,
                deviceCount: 1,
                devices: [
                  {
                    name: 'Orin',
                    uuid: '00000000-0000-0000-0000-000000000001',
                    pciAddress: '0000:00:00.0',
                    capability: 87,
                    memoryTotalBytes: 7_990_001_664,
                    isIntegrated: true,
                  },
                ],
              },
            }),
          },
        },
      },
      llamaCpp('/opt/llama/bin', {
        ...builds['cuda-12.4'],
        toolkit: '12.6',
        ptxIsa: '8.5',
        targets: ['sm_87'],
        arch: 'aarch64',
        isBundled: true,
      }),
    ],
  },
  nouveau: {
    machine: 'A desktop with a GTX 1660 on the nouveau driver: no CUDA',
    sources: ['lspci: format of pciutils', 'nouveau loaded: /sys/module'],
    env: { LLAMA_SERVER_PATH: '/opt/llama/bin/llama-server' },
    parts: [
      linux({
        ...ubuntu24,
        cpu: 'AMD Ryzen 5 3600 6-Core Processor',
        flags: 'sse3 ssse3 fma sse4_1 sse4_2 f16c avx avx2 bmi2',
        cores: 12,
        memoryGib: 32,
      }),
      {
        files: pci('0000:0a:00.0', '0x10de', '0x030000', '0x2184'),
        folders: { '/sys/module/nouveau': ['drivers', 'parameters'] },
        commands: {
          'lspci -Dnn -d 10de:': {
            stdout:
              '0000:0a:00.0 VGA compatible controller [0300]: NVIDIA Corporation TU116 [GeForce GTX 1660] [10de:2184] (rev a1)\n0000:0a:00.1 Audio device [0403]: NVIDIA Corporation TU116 High Definition Audio Controller [10de:1aeb] (rev a1)\n',
          },
        },
      },
      llamaCpp('/opt/llama/bin', { ...builds['cuda-12.4'], isBundled: true }),
    ],
  },
  'driver-mismatch-803': {
    machine:
      'A server whose driver packages were upgraded without a reboot: libraries 550.163.01, kernel module 550.144.03, error 803',
    sources: [
      'nvidia-smi: its message, as in many public threads',
      'NVML 18 and CUDA 803: nvml.h, cuda.h',
      LAYOUT,
    ],
    env: { LLAMA_SERVER_PATH: '/opt/llama/bin/llama-server' },
    parts: [
      linux({ ...ubuntu22, ...x86, cores: 32, memoryGib: 256 }),
      {
        commands: brokenSmi({
          exitCode: 18,
          stdout:
            'Failed to initialize NVML: Driver/library version mismatch\nNVML library version: 550.163\n',
        }),
      },
      kernelDriver('550.144.03'),
      {
        files: {
          '/proc/driver/nvidia/gpus/0000:3b:00.0/information':
            'Model: \t\t NVIDIA A30\nIRQ:   \t\t 90\nGPU UUID: \t GPU-00000000-0000-0000-0000-000000000001\nBus Location: \t 0000:3b:00.0\n',
        },
      },
      driverLibraries('/lib/x86_64-linux-gnu', '550.163.01'),
      {
        commands: {
          'llcuda-native-probe': {
            stdout: native({
              nvml: {
                isLoaded: true,
                path: '/lib/x86_64-linux-gnu/libnvidia-ml.so.550.163.01',
                initResult: 18,
                initError: 'Driver/library version mismatch',
                devices: [],
              },
              libcuda: {
                isLoaded: true,
                path: '/lib/x86_64-linux-gnu/libcuda.so.550.163.01',
                initResult: 803,
                initError: 'CUDA_ERROR_SYSTEM_DRIVER_MISMATCH',
                cudaVersion: 12_040,
                devices: [],
              },
            }),
          },
        },
      },
      toolkit('12.4', '12.4.1', '12.4.131'),
      llamaCpp('/opt/llama/bin', builds['cuda-12.4']),
    ],
  },
};
