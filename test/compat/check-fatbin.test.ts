import { describe, expect, it } from 'vitest';
import { checkFatbin } from '../../src/compat/check-fatbin.ts';
import type { HostDevice } from '../../src/compat/host-device.ts';
import { host, images } from './support.ts';

interface Row {
  readonly when: string;
  readonly holds: string;
  readonly on: HostDevice;
  readonly error: number | null;
  readonly cause: string;
  readonly fix: string;
  readonly runtimeMajor?: number;
}

const cuda = (major: number, minor: number): { major: number; minor: number } => ({ major, minor });
const dataCenter = { capability: 90, isDataCenter: true };

const failures: readonly Row[] = [
  {
    when: 'PTX is newer than the driver',
    holds: 'compute_75@9.1',
    on: host(75, '580.82.07'),
    error: 222,
    cause: 'ptx-too-new',
    fix: 'Update the driver to 590.44.01 or later, or use a build with sm_75 code.',
  },
  {
    when: 'PTX is newer than any driver of a Volta GPU',
    holds: 'compute_50@9.1',
    on: host(70, '580.82.07'),
    error: 222,
    cause: 'ptx-too-new',
    fix: 'Use a build with sm_70 code made with CUDA toolkit 12.9 or older.',
  },
  {
    when: 'zstd meets a driver before 550',
    holds: 'sm_70/zstd',
    on: host(70, '535.261.03'),
    error: 200,
    cause: 'compression-unreadable',
    fix: 'Update the driver to 550.54.14 or later, or recompress with `nvcc --compress-mode=speed`.',
  },
  {
    when: 'there is nothing for the GPU',
    holds: 'sm_90 sm_100 compute_89@8.5',
    on: host(75, '580.82.07'),
    error: 209,
    cause: 'no-image',
    fix: 'Use a build with sm_75 code.',
  },
  {
    when: 'the runtime is too new',
    holds: 'sm_75',
    on: host(75, '550.54.15'),
    runtimeMajor: 13,
    error: 35,
    cause: 'driver-below-runtime',
    fix: 'Update the driver to 580.65.06 or later, or use a build with sm_75 code made with CUDA toolkit 12.9 or older.',
  },
  {
    when: 'the runtime is 11 and Windows is older than its floor',
    holds: 'sm_75',
    on: host(75, '451.82', { os: 'windows' }),
    runtimeMajor: 11,
    error: 35,
    cause: 'driver-below-runtime',
    fix: 'Update the driver to 452.39 or later, or use a build with sm_75 code made with CUDA toolkit 11.8 or older.',
  },
  {
    when: 'the runtime is 13 on an old Windows driver',
    holds: 'sm_75',
    on: host(75, '576.57', { os: 'windows' }),
    runtimeMajor: 13,
    error: 35,
    cause: 'driver-below-runtime',
    fix: 'Update the driver to branch 580 or later, or use a build with sm_75 code made with CUDA toolkit 12.9 or older.',
  },
  {
    when: 'JIT is forced and there is no PTX',
    holds: 'sm_75',
    on: host(75, '580.82.07', { environment: { forcePtxJit: true } }),
    error: 209,
    cause: 'no-image',
    fix: 'Unset CUDA_FORCE_PTX_JIT.',
  },
  {
    when: 'JIT is disabled and needed',
    holds: 'compute_75@8.0',
    on: host(75, '580.82.07', { environment: { disablePtxJit: true } }),
    error: 223,
    cause: 'jit-disabled',
    fix: 'Unset CUDA_DISABLE_PTX_JIT, or use a build with sm_75 code.',
  },
  {
    when: 'the PTX compiler is missing',
    holds: 'compute_75@8.0',
    on: host(75, '580.82.07', { hasPtxCompiler: false }),
    error: 221,
    cause: 'jit-compiler-missing',
    fix: 'Install libnvidia-ptxjitcompiler.so.1 of this driver (in a container: NVIDIA_DRIVER_CAPABILITIES=compute,utility), or use a build with sm_75 code.',
  },
  {
    when: 'a library is missing',
    holds: 'sm_75',
    on: host(75, '580.82.07', { missingLibraries: ['libnccl.so.2'] }),
    error: null,
    cause: 'libraries-missing',
    fix: 'Install libnccl.so.2, or add the folder that holds it to the library path.',
  },
  {
    when: 'libcuda is the stub',
    holds: 'sm_75',
    on: host(75, '580.82.07', { isStubDriver: true }),
    error: 34,
    cause: 'driver-is-stub',
    fix: "Take the toolkit's `stubs` folder off the library path.",
  },
  {
    when: 'cuda-compat is used with a GeForce',
    holds: 'sm_86',
    on: host(86, '580.159.04', {
      gpu: { capability: 86, name: 'NVIDIA GeForce RTX 3090' },
      forwardCompat: { cudaVersion: cuda(13, 2) },
    }),
    error: 804,
    cause: 'forward-compat-unsupported',
    fix: 'Take the folder of the cuda-compat package off the library path.',
  },
  {
    when: 'the driver is older than the GPU',
    holds: 'sm_120',
    on: host(120, '550.54.15'),
    error: 100,
    cause: 'gpu-unknown-to-driver',
    fix: 'Update the driver to 570.26 or later.',
  },
  {
    when: 'the driver has dropped the GPU',
    holds: 'sm_61',
    on: host(61, '590.48.01'),
    error: 100,
    cause: 'gpu-unknown-to-driver',
    fix: 'Use a driver of branch 580, the last one for this GPU.',
  },
];

describe('checkFatbin', () => {
  it.each(failures)('fails with $error when $when', (row) => {
    const verdict = checkFatbin(images(row.holds), row.on, { runtimeMajor: row.runtimeMajor });

    expect(verdict).toMatchObject({
      outcome: 'fail',
      cudaError: row.error,
      cause: row.cause,
      fix: row.fix,
    });
  });

  it.each([
    { holds: 'sm_75', on: host(75, '470.42.01'), outcome: 'native' },
    { holds: 'sm_80 compute_80@9.9', on: host(86, '580'), outcome: 'native' },
    { holds: 'sm_86', on: host(89, '580'), outcome: 'native' },
    { holds: 'sm_90/zstd', on: host(90, '550.54.14'), outcome: 'native' },
    { holds: 'sm_70/lz4', on: host(70, '535.261.03'), outcome: 'native' },
    { holds: 'compute_20@6.4', on: host(75, '550.163.01'), outcome: 'jit' },
    { holds: 'compute_87@8.4', on: host(89, '550.163.01'), outcome: 'jit' },
    { holds: 'compute_90a@8.4', on: host(90, '550.163.01'), outcome: 'jit' },
    { holds: 'compute_100f@9.0', on: host(103, '580'), outcome: 'jit' },
    { holds: 'sm_120f', on: host(121, '580'), outcome: 'native' },
  ])('$holds is $outcome on $on.gpu.capability with $on.driver.version', (row) => {
    expect(checkFatbin(images(row.holds), row.on).outcome).toBe(row.outcome);
  });

  it('lets cuda-compat raise an older driver on a data-centre GPU', () => {
    const on = host(90, '535.261.03', { gpu: dataCenter });
    const raised = { ...on, forwardCompat: { cudaVersion: cuda(12, 4) } };
    const ptx = images('compute_90@8.4/zstd');

    expect(checkFatbin(ptx, on).cudaError).toBe(200);
    expect(checkFatbin(ptx, raised)).toMatchObject({
      outcome: 'jit',
      reason: expect.stringContaining('driver 535.261.03 with cuda-compat 12.4'),
    });
  });

  it('recognises a data-centre GPU by its name', () => {
    const gpu = { capability: 90, name: 'NVIDIA H100 80GB HBM3' };
    const on = host(90, '535.261.03', { gpu, forwardCompat: { cudaVersion: cuda(12, 4) } });

    expect(checkFatbin(images('sm_90'), on).outcome).toBe('native');
  });

  it('believes a driver that lists a GPU which the table gives to newer drivers', () => {
    const gpu = { capability: 89, isKnownToDriver: true };

    expect(checkFatbin(images('sm_89'), host(89, '515.65.01', { gpu })).outcome).toBe('native');
  });

  it.each([
    { when: 'a bare branch stands for its drivers', on: host(75, '525'), runtimeMajor: 12 },
    {
      when: 'a Jetson counts otherwise',
      on: { ...host(87, '525'), driver: { version: '35.4.1', cudaVersion: cuda(11, 4) } },
      runtimeMajor: 11,
    },
    {
      when: 'cuda-compat stands over an older driver',
      on: host(80, '450.51.06', {
        gpu: { capability: 80, isDataCenter: true },
        forwardCompat: { cudaVersion: cuda(11, 8) },
      }),
      runtimeMajor: 11,
    },
  ])('accepts a runtime where $when', ({ on, runtimeMajor }) => {
    const [exact] = images(`sm_${on.gpu.capability}`);

    expect(checkFatbin([exact!], on, { runtimeMajor }).outcome).toBe('native');
  });

  it('believes that of this driver only', () => {
    const gpu = { capability: 89, isKnownToDriver: true };

    expect(checkFatbin(images('sm_89'), host(89, '550', { gpu })).minimumDriver).toBe('520.61.05');
  });

  it('names no toolkit whose zstd the driver cannot read', () => {
    expect(checkFatbin(images('compute_75@8.7'), host(75, '535.261.03')).fix).toBe(
      'Update the driver to 570.26 or later, or use a build with sm_75 code made with CUDA toolkit 12.6 or older.',
    );
  });

  it('finds the stub before anything else of the driver', () => {
    const on = host(75, '470', { isStubDriver: true });

    expect(checkFatbin(images('sm_75'), on, { runtimeMajor: 12 }).cudaError).toBe(34);
  });

  it('gives LZ4 frames the floor of zstd', () => {
    expect(checkFatbin(images('sm_75/lz4-frame'), host(75, '545.23.08')).cudaError).toBe(200);
    expect(checkFatbin(images('sm_75/lz4-frame'), host(75, '550.54.14')).outcome).toBe('native');
  });

  it('names the compute cache where JIT is disabled', () => {
    const on = host(75, '580', { environment: { disablePtxJit: true } });

    expect(checkFatbin(images('compute_75@8.0'), on).reason).toContain('compute cache');
  });

  it('counts and estimates the PTX to compile', () => {
    const [ptx] = images('compute_75@8.4/lz4');
    const large = { ...ptx!, payloadBytes: 60_000_000, decompressedBytes: 262_000_000 };

    const { jit } = checkFatbin([large], host(75, '550.54.15'));

    expect(jit?.ptxBytes).toBe(262_000_000);
    expect(jit?.estimatedSeconds).toBeCloseTo(304);
  });

  it('gives Tegra hosts a CUDA version instead of a driver', () => {
    const verdict = checkFatbin(images('compute_80@8.7'), host(87, '550'));

    expect(verdict).toMatchObject({
      cudaError: 222,
      minimumDriver: undefined,
      minimumCuda: '12.8',
    });
    expect(verdict.fix).toMatch(/^Update JetPack to one with CUDA 12\.8 or later/);
  });

  it('lists the capabilities on which the code works with the driver as it is', () => {
    expect(checkFatbin(images('sm_86 compute_80@8.0'), host(75, '550')).worksOn).toEqual([
      80, 86, 89, 90,
    ]);
    expect(checkFatbin(images('sm_87 compute_53@8.0'), host(87, '550')).worksOn).toEqual([
      53, 62, 72, 87,
    ]);
  });
});
