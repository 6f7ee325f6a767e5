import { describe, expect, it } from 'vitest';
import { formatCudaVersion, parseCudaVersion } from '../../src/units/cuda-version.ts';
import { compareDriverVersions, parseDriverVersion } from '../../src/units/driver-version.ts';
import { formatPtxIsaVersion, parsePtxIsaVersion } from '../../src/units/ptx-isa-version.ts';
import { cudaErrors } from '../../src/compat/cuda-errors.ts';
import { isCapabilityKnown } from '../../src/compat/find-capability-support.ts';
import { findCudaVersion } from '../../src/compat/find-cuda-version.ts';
import { findPtxIsa } from '../../src/compat/find-ptx-isa.ts';
import { findRuntimeMajor } from '../../src/compat/find-runtime-major.ts';
import { listDriverSteps } from '../../src/compat/list-driver-steps.ts';
import { matchToolkit } from '../../src/compat/match-toolkit.ts';
import { toolkitTable } from '../../src/compat/toolkit-table.ts';
import { findToolkitTargets } from '../../src/compat/toolkit-targets.ts';

describe('the table of toolkits', () => {
  it('rises in every column', () => {
    for (const [index, row] of toolkitTable.entries()) {
      const before = toolkitTable[index - 1];
      if (before === undefined || row.branch === undefined) continue;
      expect(row.branch).toBeGreaterThan(before.branch!);
      for (const os of ['linux', 'windows'] as const) {
        const [older, newer] = [before, row].map((each) => parseDriverVersion(each[os]!.first)!);
        expect(compareDriverVersions(older!, newer!)).toBeLessThan(0);
      }
    }
  });

  it('maps each of its own drivers to its CUDA version', () => {
    for (const row of toolkitTable) {
      for (const range of [row.linux, row.windows]) {
        for (const text of [range?.first, range?.lastUpdate]) {
          if (text === undefined) continue;
          expect(findCudaVersion(parseDriverVersion(text)!)).toEqual(row.cuda);
        }
      }
    }
  });

  it.each([
    { driver: '418.67', cuda: '10.1' },
    { driver: '440.100', cuda: '10.2' },
    { driver: '450.248.02', cuda: '11.0' },
    { driver: '450.80.02', cuda: '11.0' },
    { driver: '460.106.00', cuda: '11.2' },
    { driver: '470.256.02', cuda: '11.4' },
    { driver: '490.10', cuda: '11.4' },
    { driver: '535.261.03', cuda: '12.2' },
    { driver: '550.163.01', cuda: '12.4' },
    { driver: '566.36', cuda: '12.7' },
    { driver: '580.159.04', cuda: '13.0' },
    { driver: '605.10', cuda: '13.2' },
    { driver: '616.41', cuda: '13.4' },
    { driver: '700.1', cuda: '13.4' },
  ])('driver $driver is CUDA $cuda', ({ driver, cuda }) => {
    expect(formatCudaVersion(findCudaVersion(parseDriverVersion(driver)!)!)).toBe(cuda);
  });

  it('knows no CUDA version of a driver before 418', () => {
    expect(findCudaVersion([390, 157])).toBeUndefined();
  });

  it.each([
    { cuda: '11.0', ptx: '7.0' },
    { cuda: '11.2', ptx: '7.2' },
    { cuda: '11.4', ptx: '7.4' },
    { cuda: '12.2', ptx: '8.2' },
    { cuda: '12.4', ptx: '8.4' },
    { cuda: '12.5', ptx: '8.5' },
    { cuda: '12.6', ptx: '8.5' },
    { cuda: '12.7', ptx: '8.6' },
    { cuda: '13.0', ptx: '9.0' },
    { cuda: '13.4', ptx: '9.4' },
    { cuda: '14.2', ptx: '9.5' },
  ])('a driver of CUDA $cuda compiles PTX up to $ptx', ({ cuda, ptx }) => {
    expect(formatPtxIsaVersion(findPtxIsa(parseCudaVersion(cuda)!)!)).toBe(ptx);
  });

  it('lists the steps of a driver in order, with the floor of the CUDA 11 runtime among them', () => {
    const names = { linux: listNames('linux'), windows: listNames('windows') };

    expect(names.linux.slice(2, 5)).toEqual(['450.51.05', '450.80.02', '455.23']);
    expect(names.linux.slice(-5)).toEqual([
      '580.65.06',
      '590.44.01',
      '595.45.04',
      '610.43.02',
      '615.71.09',
    ]);
    expect(names.windows.slice(2, 5)).toEqual(['451.48', '452.39', '456.38']);
    expect(names.windows.slice(-5)).toEqual(['580', '590', '595', '610', '615']);
  });
});

describe('matchToolkit', () => {
  it.each([
    { ptx: '8.4', cubin: undefined, name: '12.4' },
    { ptx: '8.5', cubin: undefined, name: '12.5 or 12.6' },
    { ptx: '8.5', cubin: '12.6', name: '12.6' },
    { ptx: undefined, cubin: '13.1', name: '13.1' },
    { ptx: '9.1', cubin: '12.4', name: '13.1' },
    { ptx: '8.4', cubin: '13.0', name: '13.0' },
    { ptx: '8.6', cubin: undefined, name: '12.7' },
    { ptx: '42.0', cubin: undefined, name: undefined },
    { ptx: undefined, cubin: undefined, name: undefined },
  ])('PTX $ptx and cubin $cubin are of toolkit $name', ({ ptx, cubin, name }) => {
    const match = matchToolkit({
      highestPtxIsa: ptx === undefined ? undefined : parsePtxIsaVersion(ptx),
      cubinToolkit: cubin === undefined ? undefined : parseCudaVersion(cubin),
    });

    expect(match?.name).toBe(name);
  });
});

describe('findRuntimeMajor', () => {
  const cuda13 = { major: 13, minor: 1 };

  it.each([
    { libraries: ['libcudart.so.12', 'libc.so.6'], major: 12 },
    { libraries: ['libcudart.so.11.0'], major: 11 },
    { libraries: ['libcublas.so.13'], major: 13 },
    { libraries: ['cublas64_13.dll', 'nvcuda.dll'], major: 13 },
    { libraries: ['cudart64_110.dll'], major: 11 },
    { libraries: ['cudart64_12.dll'], major: 12 },
    { libraries: ['cublasLt64_12.dll'], major: 12 },
    { libraries: ['libcuda.so.1'], major: undefined },
  ])('$libraries need runtime $major', ({ libraries, major }) => {
    expect(findRuntimeMajor({ neededLibraries: libraries })).toBe(major);
  });

  it('takes the toolkit where the runtime is linked in', () => {
    expect(findRuntimeMajor({ neededLibraries: [], toolkit: cuda13 })).toBe(13);
  });
});

describe('the targets of a toolkit', () => {
  it.each([
    { toolkit: '11.8', has: ['35', '90'], lacks: ['90a', '100'] },
    { toolkit: '12.4', has: ['50', '90a'], lacks: ['37', '100'] },
    { toolkit: '12.8', has: ['50', '101', '120a'], lacks: ['121', '100f'] },
    { toolkit: '12.9', has: ['70', '121', '100f', '103f'], lacks: ['110'] },
    { toolkit: '13.0', has: ['75', '88', '110f', '121a'], lacks: ['70', '101', '107'] },
    { toolkit: '13.4', has: ['107f'], lacks: ['70'] },
    { toolkit: '10.2', has: [], lacks: ['75'] },
  ])('$toolkit has $has and lacks $lacks', ({ toolkit, has, lacks }) => {
    const targets = findToolkitTargets(parseCudaVersion(toolkit)!);

    expect(targets).toEqual(expect.arrayContaining(has));
    for (const target of lacks) expect(targets).not.toContain(target);
  });
});

describe('the drivers that know a GPU', () => {
  it.each([
    { capability: 37, first: '10.1', last: '11.4', tooNew: '11.5' },
    { capability: 61, first: '10.1', last: '13.0', tooNew: '13.1' },
    { capability: 70, first: '10.1', last: '13.0', tooNew: '13.1' },
    { capability: 75, first: '10.1', last: '13.5' },
    { capability: 80, tooOld: '10.2', first: '11.0', last: '13.5' },
    { capability: 89, tooOld: '11.7', first: '11.8', last: '13.5' },
    { capability: 120, tooOld: '12.7', first: '12.8', last: '13.5' },
    { capability: 121, tooOld: '12.8', first: '12.9', last: '13.5' },
    { capability: 107, tooOld: '13.3', first: '13.4', last: '13.5' },
  ])('$capability: from CUDA $first to $last', ({ capability, tooOld, first, last, tooNew }) => {
    const isKnown = (cuda: string): boolean =>
      isCapabilityKnown(capability, parseCudaVersion(cuda)!);

    const outside = [tooOld, tooNew].filter((cuda) => cuda !== undefined);

    expect([first, last].filter((cuda) => isKnown(cuda))).toEqual([first, last]);
    expect(outside.filter((cuda) => isKnown(cuda))).toEqual([]);
  });
});

describe('the CUDA errors', () => {
  it('are the ones that GPU code and drivers give, each once', () => {
    const numbers = cudaErrors.map(({ number }) => number);

    expect(numbers).toEqual([34, 35, 36, 98, 100, 200, 209, 218, 221, 222, 223, 803, 804]);
  });
});

function listNames(os: 'linux' | 'windows'): readonly string[] {
  return listDriverSteps(os).map(({ name }) => name);
}
