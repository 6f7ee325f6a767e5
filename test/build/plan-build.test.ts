import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createExpectedMatrix } from '../../src/build/plan/create-expected-matrix.ts';
import { createPlannedCode } from '../../src/build/plan/create-planned-code.ts';
import { planBuild, type PlanRequest } from '../../src/build/plan/plan-build.ts';
import { checkCompatibility } from '../../src/compat/check-compatibility.ts';
import { findCudaVersion } from '../../src/compat/find-cuda-version.ts';
import { formatMatrix } from '../../src/compat/format-matrix.ts';
import { gpuTable } from '../../src/compat/gpu-table.ts';
import { parseTarget, resolveTarget } from '../../src/compat/parse-target.ts';
import { toolkitTable } from '../../src/compat/toolkit-table.ts';
import { LlcudaError } from '../../src/errors/llcuda-error.ts';
import { parseComputeCapability } from '../../src/units/compute-capability.ts';
import { parseCudaVersion } from '../../src/units/cuda-version.ts';
import { parseDriverVersion } from '../../src/units/driver-version.ts';

function plan(toolkit: string, gpus: string, more: PlanRequest = {}) {
  const built = planBuild({ toolkit: parseCudaVersion(toolkit), gpus: [gpus], ...more });
  if (built.cuda === undefined) throw new Error('a plan for CUDA has a part for it');
  return { ...built, cuda: built.cuda };
}

describe('planBuild', () => {
  it.each([
    { toolkit: '12.4', gpus: 't4', architectures: ['75-real', '75-virtual'] },
    {
      toolkit: '12.4',
      gpus: 't4,a100,"rtx 4090"',
      architectures: ['75-real', '80-real', '89-real', '89-virtual'],
    },
    { toolkit: '12.4', gpus: '8.0,7.5', architectures: ['75-real', '80-real', '80-virtual'] },
    {
      toolkit: '12.9',
      gpus: 'rtx 5090,dgx spark',
      architectures: ['120a-real', '121a-real', '90-virtual'],
    },
    { toolkit: '12.9', gpus: 't4,rtx 5090', architectures: ['75-real', '120a-real', '75-virtual'] },
    { toolkit: '12.8', gpus: 'b300', architectures: ['100-real', '100-virtual'] },
    { toolkit: '13.0', gpus: 'jetson orin', architectures: ['87-real', '87-virtual'] },
    {
      toolkit: '12.4',
      gpus: 'colab',
      architectures: ['75-real', '80-real', '89-real', '90-real', '90-virtual'],
    },
  ])('builds $gpus with CUDA $toolkit as $architectures', ({ toolkit, gpus, architectures }) => {
    const { cuda, cmakeOptions } = plan(toolkit, gpus);

    expect(cuda.architectures).toEqual(architectures);
    expect(cmakeOptions).toContain(`CMAKE_CUDA_ARCHITECTURES=${architectures.join(';')}`);
  });

  it('leaves the PTX out when it is not wanted', () => {
    expect(plan('12.4', 't4', { hasPtx: false }).cuda.architectures).toEqual(['75-real']);
  });

  it.each([
    { toolkit: '12.4', driver: undefined, mode: undefined, images: 'sass none, ptx lz4' },
    { toolkit: '12.9', driver: undefined, mode: 'speed', images: 'sass none, ptx lz4' },
    { toolkit: '12.9', driver: '535', mode: 'speed', images: 'sass none, ptx lz4' },
    { toolkit: '12.9', driver: '550', mode: 'size', images: 'sass zstd, ptx zstd' },
    { toolkit: '13.0', driver: undefined, mode: 'size', images: 'sass zstd, ptx zstd' },
  ])(
    'compresses for CUDA $toolkit and driver $driver with $mode',
    ({ toolkit, driver, mode, images }) => {
      const { cuda, cmakeOptions } = plan(toolkit, 't4', { minimumDriver: driver });

      expect(cuda.compressionMode).toBe(mode);
      expect(cuda.images.map(({ kind, compression }) => `${kind} ${compression}`).join(', ')).toBe(
        images,
      );
      expect(cmakeOptions.some((option) => option === `GGML_CUDA_COMPRESSION_MODE=${mode}`)).toBe(
        mode !== undefined,
      );
    },
  );

  it.each([
    { toolkit: '13.0', gpus: 'v100', toolkits: '11.0 to 12.9' },
    { toolkit: '13.0', gpus: 'gtx 1080', toolkits: '11.0 to 12.9' },
    { toolkit: '13.0', gpus: 'p100,rtx 5090', toolkits: '12.8 to 12.9' },
    { toolkit: '12.4', gpus: 'rtx 5090', toolkits: '12.8 to 13.5' },
    { toolkit: '12.8', gpus: 'dgx spark', toolkits: '12.9 to 13.5' },
    { toolkit: '12.4', gpus: 'k80', toolkits: undefined },
  ])('refuses $gpus with CUDA $toolkit and names $toolkits', ({ toolkit, gpus, toolkits }) => {
    const attempt = () => plan(toolkit, gpus);

    expect(attempt).toThrow(expect.objectContaining({ code: 'BUILD_TARGET_UNSUPPORTED' }));
    expect(detailOf(attempt)).toEqual(toolkits);
  });

  it('refuses a driver that the toolkit is too new for, when it was asked for', () => {
    expect(() => plan('13.0', 't4', { minimumDriver: '550.54.15' })).toThrow(
      /programs of CUDA 13.0 need driver 580.65.06 or newer, not 550.54.15/,
    );
  });

  it('lets the driver of a preset give way to the toolkit, and says so', () => {
    const { cuda, notes } = plan('13.0', 'colab');

    expect(cuda.minimumDriver).toBe('580.65.06');
    expect(notes.join()).toContain('550.54.15');
    expect(plan('12.4', 'colab')).toMatchObject({
      cuda: { minimumDriver: '550.54.15' },
      notes: [],
    });
  });

  it('takes GPUs and driver of this machine for `native`, and its processor', () => {
    const device = resolveTarget(parseTarget('t4,driver=580.82.07'), '');

    const { cuda, cpu, cmakeOptions } = plan('13.0', 'native', { devices: [device] });

    expect(cuda).toMatchObject({
      architectures: ['75-real', '75-virtual'],
      minimumDriver: '580.82.07',
    });
    expect(cpu).toBe('native');
    expect(cmakeOptions).toContain('GGML_NATIVE=ON');
  });

  it('refuses `native` without a GPU, and names that mean nothing', () => {
    expect(() => plan('13.0', 'native')).toThrow(
      expect.objectContaining({ code: 'GPU_NOT_FOUND' }),
    );
    for (const text of ['rtx 9999', '', 't4,,a100', 'colab2'])
      expect(() => plan('13.0', text)).toThrow(expect.objectContaining({ code: 'TARGET_INVALID' }));
    expect(() => plan('13.0', 't4', { minimumDriver: 'new' })).toThrow(
      expect.objectContaining({ code: 'TARGET_INVALID' }),
    );
  });

  it.each([
    { cpu: 'x86-64-v3', has: ['GGML_NATIVE=OFF', 'GGML_AVX2=ON', 'GGML_AVX512=OFF'] },
    { cpu: 'x86-64', has: ['GGML_NATIVE=OFF', 'GGML_SSE42=OFF', 'GGML_AVX=OFF'] },
    { cpu: 'all', has: ['GGML_CPU_ALL_VARIANTS=ON', 'GGML_BACKEND_DL=ON', 'GGML_NATIVE=OFF'] },
  ])('keeps the processor floor $cpu', ({ cpu, has }) => {
    expect(planBuild({ backend: 'cpu', cpu }).cmakeOptions).toEqual(expect.arrayContaining(has));
  });

  it('refuses a processor level of another architecture', () => {
    expect(() => planBuild({ backend: 'cpu', cpu: 'x86-64-v3', arch: 'arm64' })).toThrow(
      expect.objectContaining({ code: 'USAGE_INVALID' }),
    );
  });

  it('is a plan for exactly what it promises: every GPU native with its lowest driver', () => {
    const toolkit = fc.constantFrom(
      ...toolkitTable.filter(({ hasToolkit, cuda }) => hasToolkit && cuda.major > 10),
    );
    const gpus = fc.uniqueArray(fc.constantFrom(...gpuTable), { minLength: 1, maxLength: 5 });
    const lowest = fc.option(
      fc.constantFrom(
        '470',
        '525.60.13',
        '535.261.03',
        '550.54.15',
        '570',
        '580.82.07',
        '590',
        '615',
      ),
    );
    let plans = 0;
    fc.assert(
      fc.property(toolkit, gpus, lowest, fc.boolean(), ({ cuda }, rows, minimumDriver, hasPtx) => {
        const request = { toolkit: cuda, gpus: rows.map(({ name }) => name), hasPtx };
        let made;
        try {
          made = planBuild({ ...request, minimumDriver: minimumDriver ?? undefined }).cuda;
        } catch (error) {
          expect(LlcudaError.is(error, 'BUILD_TARGET_UNSUPPORTED')).toBe(true);
          return;
        }
        plans += 1;
        if (made === undefined) throw new Error('a plan for CUDA has a part for it');
        for (const gpu of made.gpus) {
          const { capability, isTegra } = rows.find(({ name }) => name === gpu.name)!;
          const version = gpu.minimumDriver;
          const cudaVersion = findCudaVersion(parseDriverVersion(version)!)!;
          const driver = { version, cudaVersion };
          const host = { gpu: { capability, isTegra }, driver, os: 'linux' } as const;
          expect(checkCompatibility(createPlannedCode(made), host).outcome).toBe('native');
        }
        const covered = new Set(
          made.gpus.map(({ capability }) => parseComputeCapability(capability)),
        );
        expect(rows.every(({ capability }) => covered.has(capability))).toBe(true);
      }),
      { numRuns: 400 },
    );
    expect(plans).toBeGreaterThan(20);
  });

  it('shows what it will do on GPUs and drivers', () => {
    const { cuda } = plan('12.4', 'colab');

    expect(formatMatrix(createExpectedMatrix(cuda))).toMatchInlineSnapshot(`
      "GPU                470   535.261.03  550.54.15  570     580.82.07  590     610
                   CUDA  11.4  12.2        12.4       12.8    13.0       13.1    13.3
      T4           7.5   35    native      native     native  native     native  native
      A100         8.0   35    native      native     native  native     native  native
      L4           8.9   -     native      native     native  native     native  native
      H100         9.0   -     native      native     native  native     native  native
      RTX 3090     8.6   35    native      native     native  native     native  native
      B200         10.0  -     -           -          jit     jit        jit     jit
      RTX 5090     12.0  -     -           -          jit     jit        jit     jit
      V100         7.0   35    209         209        209     209        -       -
      P100         6.0   35    209         209        209     209        -       -
      GTX 1080 Ti  6.1   35    209         209        209     209        -       -
      Jetson Orin  8.7   35    209         209        209     209        209     209
      DGX Spark    12.1  -     -           -          -       jit        jit     jit

      native: runs as it is. jit: runs after the driver has compiled PTX.
      A number: the CUDA error. -: this driver does not know this GPU."
    `);
  });
});

function detailOf(attempt: () => unknown): string | undefined {
  try {
    attempt();
  } catch (error) {
    if (LlcudaError.is(error, 'BUILD_TARGET_UNSUPPORTED')) return error.detail.toolkits;
  }
  return 'nothing was thrown';
}
