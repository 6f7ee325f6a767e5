import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatDuration } from '../../src/units/format-duration.ts';

describe('formatDuration', () => {
  it.each([
    [0, '0 ms'],
    [0.4, '0 ms'],
    [850, '850 ms'],
    [999.4, '999 ms'],
    [999.5, '1.0 s'],
    [12_345, '12.3 s'],
    [59_949, '59.9 s'],
    [59_950, '1 min 00 s'],
    [125_000, '2 min 05 s'],
    [3_599_499, '59 min 59 s'],
    [3_599_500, '1 h 00 min'],
    [3_720_000, '1 h 02 min'],
    [7_199_600, '2 h 00 min'],
    [100 * 3_600_000, '100 h 00 min'],
  ])('writes %d ms as %s', (durationMs, text) => {
    const formatted = formatDuration(durationMs);

    expect(formatted).toBe(text);
  });

  it('never shows 60 of a smaller unit', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1e9, noNaN: true }), (durationMs) => {
        expect(formatDuration(durationMs)).not.toMatch(/\b(?:60(?:\.0)? (?:s|min)|1000 ms)$/);
      }),
    );
  });
});
