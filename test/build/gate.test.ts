import { describe, expect, it } from 'vitest';
import { checkBinary } from '../../src/build/gate/check-binary.ts';
import { planBuild, type PlanRequest } from '../../src/build/plan/plan-build.ts';
import type { GpuCode } from '../../src/fatbin/gpu-code.ts';
import { visitBinaries } from '../../src/inspect/visit-binaries.ts';
import { parseCudaVersion } from '../../src/units/cuda-version.ts';
import { truthFixture } from '../support/cuda-truth.ts';
import { findCudaTools, findToolFile } from '../truth/find-cuda-tools.ts';

function plan(toolkit: string, gpus: string, more: PlanRequest = {}) {
  return planBuild({ toolkit: parseCudaVersion(toolkit), gpus: [gpus], ...more });
}

async function readCode(path: string): Promise<GpuCode> {
  let found: GpuCode | undefined;
  await visitBinaries(path, {}, async ({ code }) => void (found = code));
  if (found === undefined) throw new Error(`${path} is no binary`);
  return found;
}

const tools = await findCudaTools();
/** CI fetches them; elsewhere they may be missing. */
const hasTools = process.env['CI'] !== undefined || tools.problem === undefined;

const own = new Set(['libggml-base.so']);

describe('checkBinary', () => {
  it.skipIf(!hasTools)(
    'refuses upstream builds for a T4 with driver 550: they hold PTX for it alone',
    async () => {
      const code = await readCode(
        findToolFile(tools, 'node-llama-cpp-fallback', 'libggml-cuda.so'),
      );

      const reasons = checkBinary(code, {
        plan: plan('12.4', 't4', { minimumDriver: '550.54.15' }),
        own,
      });

      expect(reasons.filter((reason) => !reason.startsWith('it needs '))).toEqual([
        '143 of 143 fatbins hold no machine code sm_75 for T4 (7.5); the first of them holds compute_50, compute_61, compute_70, compute_75, compute_80, sm_86',
        expect.stringMatching(/^T4 \(7\.5\) with driver 550\.54\.15: jit, not native\./),
        'its RUNPATH is $ORIGIN, not $ORIGIN:$ORIGIN/../lib',
      ]);
    },
  );

  it.skipIf(!hasTools)(
    'refuses the newest one too, whose PTX that driver does not even compile',
    async () => {
      const code = await readCode(findToolFile(tools, 'node-llama-cpp', 'libggml-cuda.so'));

      const reasons = checkBinary(code, {
        plan: plan('12.4', 't4', { minimumDriver: '550.54.15' }),
        own,
      });

      expect(reasons.join('\n')).toMatch(/143 of 143 fatbins hold no machine code sm_75 for T4/);
      expect(reasons.join('\n')).toMatch(/T4 \(7\.5\) with driver 550\.54\.15: fail, not native/);
      expect(reasons.join('\n')).toContain('it needs libcudart.so.13');
    },
  );

  it('lets machine code pass that is as planned, and says what else is missing', async () => {
    const sass = await readCode(truthFixture('base/sass_75'));
    const both = await readCode(truthFixture('base/combo_sass90_ptx90'));

    expect(checkBinary(sass, { plan: plan('13.0', 't4', { hasPtx: false }), own })).toEqual([]);
    expect(checkBinary(both, { plan: plan('13.0', 'h100'), own })).toEqual([]);
    expect(checkBinary(sass, { plan: plan('13.0', 't4'), own })).toEqual([
      '1 of 1 fatbins hold no PTX compute_75 for newer GPUs; the first of them holds sm_75',
    ]);
    expect(checkBinary(sass, { plan: plan('13.0', 't4,a100', { hasPtx: false }), own })).toEqual([
      '1 of 1 fatbins hold no machine code sm_80 for A100 (8.0); the first of them holds sm_75',
      expect.stringContaining('A100 (8.0) with driver 580.65.06: fail, not native'),
    ]);
  });

  it('refuses GPU code in a CPU build', async () => {
    const sass = await readCode(truthFixture('base/sass_75'));

    expect(checkBinary(sass, { plan: planBuild({ backend: 'cpu' }), own })).toEqual([
      'it holds GPU code (1 fatbins), and the build is for the CPU',
    ]);
  });

  it.each([
    { libraries: {}, reasons: [] },
    {
      libraries: { needed: ['libssl.so.3', 'libgomp.so.1'] },
      reasons: [/libssl\.so\.3/, /libgomp\.so\.1/],
    },
    { libraries: { needed: ['libcudart.so.12'] }, reasons: [/libcudart\.so\.12/] },
    {
      libraries: { runpath: ['$ORIGIN', '/home/me/build/bin'] },
      reasons: [/\/home\/me\/build\/bin/],
    },
    { libraries: { runpath: [], rpath: [] }, reasons: [/its RUNPATH is empty/] },
    { libraries: { glibc: '2.36' }, reasons: [/needs glibc 2\.36, newer than 2\.35/] },
  ])('judges libraries: $libraries', async ({ libraries, reasons }) => {
    const { libraries: none, ...code } = await readCode(truthFixture('base/sass_75'));
    const usual = {
      ...none,
      needed: [
        'libggml-base.so',
        'libstdc++.so.6',
        'libm.so.6',
        'libgcc_s.so.1',
        'libc.so.6',
        'ld-linux-x86-64.so.2',
      ],
      runpath: ['$ORIGIN', '$ORIGIN/../lib'],
      glibc: '2.34',
    };
    const binary = { ...code, fatbins: [], libraries: { ...usual, ...libraries } };

    const found = checkBinary(binary, { plan: planBuild({ backend: 'cpu', glibc: '2.35' }), own });

    expect(found).toHaveLength(reasons.length);
    for (const [index, reason] of reasons.entries()) expect(found[index]).toMatch(reason);
  });
});
