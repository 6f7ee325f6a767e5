import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatBytes } from '../../src/units/format-bytes.ts';

describe('formatBytes', () => {
  it.each([
    [0, '0 B'],
    [1, '1 B'],
    [999, '999 B'],
    [1000, '1.0 kB'],
    [1049, '1.0 kB'],
    [1050, '1.1 kB'],
    [99_949, '99.9 kB'],
    [99_950, '100 kB'],
    [999_499, '999 kB'],
    [999_500, '1.0 MB'],
    [999_949, '1.0 MB'],
    [98_362_432, '98.4 MB'],
    [1_915_305_312, '1.9 GB'],
    [999_600_000, '1.0 GB'],
    [2e12, '2.0 TB'],
    [5_000e12, '5000 TB'],
  ])('writes %d bytes as %s', (sizeBytes, text) => {
    const formatted = formatBytes(sizeBytes);

    expect(formatted).toBe(text);
  });

  it('keeps within four digits and one part in twenty of the size, below a thousand terabytes', () => {
    const scale: Record<string, number> = { B: 1, kB: 1e3, MB: 1e6, GB: 1e9, TB: 1e12 };
    const nearUnit = fc
      .tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 9900, max: 10_100 }))
      .map(([unit, part]) => Math.round((part / 10_000) * 1000 ** unit));

    fc.assert(
      fc.property(fc.oneof(fc.integer({ min: 1, max: 9e14 }), nearUnit), (sizeBytes) => {
        const [digits = '', unit = ''] = formatBytes(sizeBytes).split(' ');

        expect(digits).toMatch(/^(?:\d{1,3}|\d{1,2}\.\d)$/);
        expect(Math.abs(Number(digits) * (scale[unit] ?? 0) - sizeBytes)).toBeLessThanOrEqual(
          sizeBytes / 20,
        );
      }),
    );
  });
});
