import { builds, llamaCpp } from './llama-cpp.mjs';
import { linux, ubuntu24, uuid, x86, smi } from './parts.mjs';

/** The H100 host: recorded files as they are, and around them what was written down of its libraries. */
export async function composeH100(readRecorded) {
  const [ldconfig, version, osRelease, environment] = await Promise.all(
    ['ldconfig-p.txt', 'proc-driver-nvidia-version.txt', 'os-release.txt', 'env.txt'].map(
      readRecorded,
    ),
  );
  const env = Object.fromEntries(
    environment
      .trim()
      .split('\n')
      .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  );
  const base = linux({ ...ubuntu24, kernel: '6.18.44', ...x86, cores: 16, memoryGib: 128 });
  const target = '/usr/local/cuda/targets/x86_64-linux/lib';
  const gpu = {
    name: 'NVIDIA H100 80GB HBM3',
    capability: '9.0',
    address: '0000:00:06.0',
    uuid: uuid(1),
    totalMib: 81_559,
    freeMib: 81_079,
    persistence: 'Enabled',
    migMode: 'Disabled',
    ecc: 'Enabled',
    celsius: 39,
    watts: ['73.00', '700.00'],
    utilization: 0,
    deviceId: '233010DE',
  };
  const driver = (folder, real) =>
    ['libcuda', 'libnvidia-ml', 'libnvidia-ptxjitcompiler'].map((name) => [
      `${folder}/${name}.so.1`,
      { realPath: `${folder}/${name}.so.${real}`, sizeBytes: 40_000_000 },
    ]);
  return {
    machine:
      'An NVIDIA H100 80GB HBM3, driver 580.159.04, Ubuntu 24.04 container with CUDA toolkit 13.0; llama.cpp built with CUDA 13.1: error 222',
    recorded: [
      'environment',
      'ldconfig -p (a part)',
      '/proc/driver/nvidia/version',
      '/etc/os-release',
      'values of nvidia-smi',
    ],
    sources: [
      'nvidia-smi: the recorded values in its other forms',
      'sizes and links of libraries, processor and memory',
      'llama.cpp',
    ],
    env: { ...env, LLAMA_SERVER_PATH: '/opt/llama/bin/llama-server' },
    home: '/root',
    parts: [
      { ...base, cache: parseCache(ldconfig), path: [] },
      smi({ driver: '580.159.04', cuda: '13.0', gpus: [gpu] }),
      {
        files: {
          '/proc/driver/nvidia/version': version,
          '/etc/os-release': osRelease.split('\nLinux ')[0] + '\n',
          '/usr/local/cuda/version.json': JSON.stringify({
            cuda: { name: 'CUDA SDK', version: '13.0.2' },
          }),
        },
        entries: {
          ...Object.fromEntries(
            ['nvidiactl', 'nvidia-uvm', 'nvidia0'].map((name) => [
              `/dev/${name}`,
              { kind: 'other' },
            ]),
          ),
          ...Object.fromEntries([
            ...driver('/usr/local/nvidia/lib64', '580.159.04'),
            ...driver('/lib', '580.159.04'),
            ...driver('/usr/local/cuda/compat', '580.95.05').filter(
              ([path]) => !path.includes('libnvidia-ml'),
            ),
          ]),
          '/usr/local/cuda': { kind: 'folder' },
          '/usr/local/cuda/bin/nvcc': {},
          '/usr/local/cuda/lib64/stubs/libcuda.so.1': { sizeBytes: 60_000 },
          [`${target}/libcudart.so.13`]: {
            realPath: `${target}/libcudart.so.13.0.96`,
            sizeBytes: 700_000,
          },
          [`${target}/libcublas.so.13`]: {
            realPath: `${target}/libcublas.so.13.1.0.3`,
            sizeBytes: 54_000_000,
          },
          [`${target}/libcublasLt.so.13`]: {
            realPath: `${target}/libcublasLt.so.13.1.0.3`,
            sizeBytes: 542_000_000,
          },
          '/lib/x86_64-linux-gnu/libnccl.so.2': {
            realPath: '/lib/x86_64-linux-gnu/libnccl.so.2.28.3',
            sizeBytes: 400_000_000,
          },
        },
      },
      llamaCpp('/opt/llama/bin', builds['cuda-13.1']),
    ],
  };
}

function parseCache(text) {
  return [...text.matchAll(/^\s+(\S+) \([^)]*\) => (\S+)$/gm)].map(([, name, path]) => [
    name,
    path,
  ]);
}
