import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  formatComputeCapability,
  parseComputeCapability,
} from '../../src/units/compute-capability.ts';
import {
  compareCudaVersions,
  formatCudaVersion,
  parseCudaVersion,
} from '../../src/units/cuda-version.ts';
import {
  compareDriverVersions,
  formatDriverVersion,
  parseDriverVersion,
} from '../../src/units/driver-version.ts';
import {
  comparePtxIsaVersions,
  formatPtxIsaVersion,
  parsePtxIsaVersion,
} from '../../src/units/ptx-isa-version.ts';

describe('a compute capability', () => {
  it.each([
    { text: '7.5', value: 75 },
    { text: '75', value: 75 },
    { text: 'sm_90a', value: 90 },
    { text: 'SM_86', value: 86 },
    { text: 'compute_120', value: 120 },
    { text: '120f', value: 120 },
    { text: ' 12.1 ', value: 121 },
  ])('is read from $text', ({ text, value }) => {
    expect(parseComputeCapability(text)).toBe(value);
  });

  it.each(['', '8', '10', '750', '4090', 'sm_', 'gfx1100', '8.9.1', '1.3', '8.9b'])(
    'is not read from %j',
    (text) => {
      expect(parseComputeCapability(text)).toBeUndefined();
    },
  );

  it('reads back what it writes', () => {
    fc.assert(
      fc.property(fc.integer({ min: 20, max: 199 }), (value) => {
        expect(parseComputeCapability(formatComputeCapability(value))).toBe(value);
      }),
    );
  });
});

const pair = fc.record({ major: fc.nat({ max: 999 }), minor: fc.nat({ max: 999 }) });

describe('a CUDA version', () => {
  it.each([
    { text: '12.4', version: { major: 12, minor: 4 } },
    { text: '13', version: { major: 13, minor: 0 } },
    { text: '12.8.2', version: { major: 12, minor: 8 } },
  ])('is read from $text', ({ text, version }) => {
    expect(parseCudaVersion(text)).toEqual(version);
  });

  it.each(['', 'N/A', '12.', 'v12', '12.x'])('is not read from %j', (text) => {
    expect(parseCudaVersion(text)).toBeUndefined();
  });

  it('reads back what it writes, and 12.10 is after 12.9', () => {
    fc.assert(
      fc.property(pair, (version) => {
        expect(parseCudaVersion(formatCudaVersion(version))).toEqual(version);
      }),
    );
    expect(compareCudaVersions({ major: 12, minor: 10 }, { major: 12, minor: 9 })).toBeGreaterThan(
      0,
    );
  });
});

describe('a PTX version', () => {
  it('reads back what it writes, and nothing else', () => {
    fc.assert(
      fc.property(pair, (version) => {
        expect(parsePtxIsaVersion(formatPtxIsaVersion(version))).toEqual(version);
      }),
    );
    expect(parsePtxIsaVersion('9')).toBeUndefined();
  });

  it('is ordered by major, then minor', () => {
    expect(comparePtxIsaVersions({ major: 9, minor: 0 }, { major: 8, minor: 8 })).toBeGreaterThan(
      0,
    );
    expect(comparePtxIsaVersions({ major: 8, minor: 4 }, { major: 8, minor: 5 })).toBeLessThan(0);
  });
});

const driver = fc.array(fc.nat({ max: 99_999 }), { minLength: 1, maxLength: 5 });

describe('a driver version', () => {
  it.each(['550.54.15', '551.61', '470.256.02', '580', '520.06', '535.104.05'])(
    'is written as NVIDIA writes %s',
    (text) => {
      expect(formatDriverVersion(parseDriverVersion(text)!)).toBe(text);
    },
  );

  it.each(['', 'N/A', '550.', '550.54.15-1', 'R550', '1.2.3.4.5.6'])(
    'is not read from %j',
    (text) => {
      expect(parseDriverVersion(text)).toBeUndefined();
    },
  );

  it.each([
    ['550.54.14', '550.54.15'],
    ['550', '550.54.15'],
    ['535.54.03', '535.104.05'],
    ['551.61', '560.28.03'],
  ])('%s is before %s', (left, right) => {
    expect(
      compareDriverVersions(parseDriverVersion(left)!, parseDriverVersion(right)!),
    ).toBeLessThan(0);
  });

  it('reads back what it writes', () => {
    fc.assert(
      fc.property(driver, (version) => {
        expect(parseDriverVersion(formatDriverVersion(version))).toEqual(version);
      }),
    );
  });

  it('is in a total order', () => {
    fc.assert(
      fc.property(driver, driver, driver, (a, b, c) => {
        expect(Math.sign(compareDriverVersions(a, b))).toBe(
          -Math.sign(compareDriverVersions(b, a)) + 0,
        );
        const [low, middle, high] = [a, b, c].sort(compareDriverVersions);
        expect(compareDriverVersions(low!, middle!)).toBeLessThanOrEqual(0);
        expect(compareDriverVersions(low!, high!)).toBeLessThanOrEqual(0);
      }),
    );
  });
});
