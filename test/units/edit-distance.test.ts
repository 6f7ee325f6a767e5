import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { editDistance } from '../../src/units/edit-distance.ts';

const word = fc.string({ maxLength: 12 });

describe('editDistance', () => {
  it.each([
    ['', '', 0],
    ['', 'abc', 3],
    ['kitten', 'sitting', 3],
    ['flaw', 'lawn', 2],
    ['smolm2-135m', 'smollm2-135m', 1],
    ['Gemma', 'gemma', 0],
  ])('counts the edits from %j to %j', (left, right, edits) => {
    const distance = editDistance(left, right);

    expect(distance).toBe(edits);
  });

  it('is the same both ways', () => {
    fc.assert(
      fc.property(word, word, (left, right) => {
        expect(editDistance(left, right)).toBe(editDistance(right, left));
      }),
    );
  });

  it('is zero exactly for texts that differ in case only', () => {
    fc.assert(
      fc.property(word, word, (left, right) => {
        expect(editDistance(left, left.toUpperCase().toLowerCase())).toBe(0);
        expect(editDistance(left, right) === 0).toBe(left.toLowerCase() === right.toLowerCase());
      }),
    );
  });

  it('is never longer by way of a third text', () => {
    fc.assert(
      fc.property(word, word, word, (left, middle, right) => {
        const direct = editDistance(left, right);
        const detour = editDistance(left, middle) + editDistance(middle, right);

        expect(direct).toBeLessThanOrEqual(detour);
      }),
    );
  });

  it('lies between the difference of the lengths and the longer length', () => {
    fc.assert(
      fc.property(word, word, (left, right) => {
        const [a, b] = [left.toLowerCase().length, right.toLowerCase().length];
        const distance = editDistance(left, right);

        expect(distance).toBeGreaterThanOrEqual(Math.abs(a - b));
        expect(distance).toBeLessThanOrEqual(Math.max(a, b));
      }),
    );
  });
});
