import { describe, expect, it } from 'vitest';
import { checkCompatibility } from '../../src/compat/check-compatibility.ts';
import { listDriverSteps } from '../../src/compat/list-driver-steps.ts';
import { code, host, samples } from './support.ts';

/** The result in one word: an outcome or the number of the CUDA error. */
function judge(...[build, gpu]: Parameters<typeof checkCompatibility>): string {
  const { outcome, cudaError } = checkCompatibility(build, gpu);
  return outcome === 'fail' ? String(cudaError) : outcome;
}

/** llama.cpp's default list on a T4: PTX only. From 12.8 on everything is compressed with zstd. */
const builds = {
  '12.4': samples.nlcFallback,
  '12.8': code('compute_75@8.7/zstd compute_80@8.7/zstd sm_86/zstd sm_89/zstd', 12),
  '13.0': code('compute_75@9.0/zstd compute_80@9.0/zstd sm_86/zstd sm_89/zstd', 13),
  '13.1': samples.nlc,
  '13.4': code('compute_75@9.4/zstd compute_80@9.4/zstd sm_86/zstd sm_89/zstd', 13),
};

describe('a T4 with the default build of llama.cpp', () => {
  it.each([
    { build: '12.4', expected: ['222', 'jit', 'jit', 'jit', 'jit'] },
    { build: '12.8', expected: ['200', '222', 'jit', 'jit', 'jit'] },
    { build: '13.0', expected: ['35', '35', 'jit', 'jit', 'jit'] },
    { build: '13.1', expected: ['35', '35', '222', 'jit', 'jit'] },
    { build: '13.4', expected: ['35', '35', '222', '222', 'jit'] },
  ] as const)('of toolkit $build gives $expected', ({ build, expected }) => {
    const drivers = ['535.261.03', '550.54.15', '580.82.07', '590.48.01', '615.71.09'];

    const outcomes = drivers.map((driver) => judge(builds[build], host(75, driver)));

    expect(outcomes).toEqual(expected);
  });
});

describe('the sample binaries', () => {
  it.each([
    { sample: 'nlc', gpus: [50, 52, 60, 61, 70], minimum: undefined, before: '35', from: '209' },
    { sample: 'nlc', gpus: [75, 80, 90], minimum: '590.44.01', before: '222', from: 'jit' },
    { sample: 'nlc', gpus: [86, 89], minimum: '580.65.06', before: '35', from: 'native' },
    { sample: 'nlc', gpus: [100, 103, 110], minimum: '590.44.01', before: '222', from: 'jit' },
    { sample: 'nlc', gpus: [120, 121], minimum: '580.65.06', before: '35', from: 'native' },
    {
      sample: 'nlcFallback',
      gpus: [50, 61, 70, 75],
      minimum: '550.54.14',
      before: '222',
      from: 'jit',
    },
    { sample: 'nlcFallback', gpus: [80, 90], minimum: '550.54.14', before: '222', from: 'jit' },
    { sample: 'nlcFallback', gpus: [86, 89], minimum: '525.60.13', before: '35', from: 'native' },
    { sample: 'nlcFallback', gpus: [100, 120], minimum: '570.26', before: '100', from: 'jit' },
    { sample: 'nlcFallback', gpus: [103, 121], minimum: '575.51.03', before: '100', from: 'jit' },
    { sample: 'nlcFallback', gpus: [110], minimum: '580.65.06', before: '100', from: 'jit' },
    {
      sample: 'fugood',
      gpus: [50, 61, 70, 75, 80, 86],
      minimum: undefined,
      before: '209',
      from: '209',
    },
    { sample: 'fugood', gpus: [90], minimum: '555.42.02', before: '222', from: 'jit' },
    { sample: 'fugood', gpus: [89], minimum: '525.60.13', before: '35', from: 'native' },
    { sample: 'fugood', gpus: [100, 120], minimum: '570.26', before: '100', from: 'jit' },
  ] as const)('$sample on $gpus: $from from driver $minimum', (row) => {
    for (const capability of row.gpus) {
      const gpu = { capability, isTegra: false };
      const newest = capability < 75 ? '580.159.04' : '615.71.09';
      const verdict = checkCompatibility(samples[row.sample], host(capability, newest, { gpu }));
      const steps = listDriverSteps('linux').map(({ name }) => name);
      const previous = steps[steps.indexOf(row.minimum ?? '580.65.06') - 1]!;

      expect(verdict.minimumDriver).toBe(row.minimum);
      expect(judge(samples[row.sample], host(capability, newest, { gpu }))).toBe(row.from);
      expect(judge(samples[row.sample], host(capability, previous, { gpu }))).toBe(row.before);
    }
  });

  it.each([
    { sample: 'nlc', capability: 61, driver: '575.57.08', expected: '35' },
    { sample: 'nlc', capability: 75, driver: '580.82.07', expected: '222' },
    { sample: 'nlc', capability: 86, driver: '575.57.08', expected: '35' },
    { sample: 'nlc', capability: 100, driver: '580.82.07', expected: '222' },
    { sample: 'nlcFallback', capability: 90, driver: '545.23.08', expected: '222' },
    { sample: 'nlcFallback', capability: 86, driver: '520.61.05', expected: '35' },
    { sample: 'fugood', capability: 90, driver: '550.54.15', expected: '222' },
  ] as const)('$sample on $capability with $driver: $expected', (row) => {
    expect(judge(samples[row.sample], host(row.capability, row.driver))).toBe(row.expected);
  });
});

describe('the verdict in words', () => {
  it('says what Colab showed in 2025', () => {
    const t4 = host(75, '550.54.15', { gpu: { capability: 75, name: 'Tesla T4' } });
    const build = code('compute_75@8.7/zstd sm_86/zstd', 12);

    const { worksOn, ...verdict } = checkCompatibility(build, t4);

    expect(worksOn).toEqual([86, 89]);
    expect(verdict).toMatchInlineSnapshot(`
      {
        "affectedFatbins": 1,
        "cause": "ptx-too-new",
        "cudaError": 222,
        "cudaErrorName": "cudaErrorUnsupportedPtxVersion",
        "fix": "Update the driver to 570.26 or later, or use a build with sm_75 code made with CUDA toolkit 12.9 or older.",
        "jit": undefined,
        "judgedFatbins": 1,
        "minimumCuda": "12.8",
        "minimumDriver": "570.26",
        "outcome": "fail",
        "reason": "The GPU code for Tesla T4 (7.5) is PTX (compute_75) of version 8.7, and driver 550.54.15 (CUDA 12.4) compiles PTX up to 8.4.",
      }
    `);
  });

  it('says what Colab shows in 2026', () => {
    const t4 = host(75, '580.82.07', { gpu: { capability: 75, name: 'Tesla T4' } });

    const { reason, fix } = checkCompatibility(samples.nlc, t4);

    expect(`${reason}\n${fix}`).toMatchInlineSnapshot(`
      "The GPU code for Tesla T4 (7.5) is PTX (compute_75) of version 9.1, and driver 580.82.07 (CUDA 13.0) compiles PTX up to 9.0.
      Update the driver to 590.44.01 or later, or use a build with sm_75 code."
    `);
  });
});
