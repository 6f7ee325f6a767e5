import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { StopScanner } from '../../../src/runtime/embedded/stop-scanner.ts';

/** What comes out when a text is pushed in pieces. */
function scan(
  pieces: readonly string[],
  stops: readonly string[],
): { text: string; stop?: string } {
  const scanner = new StopScanner(stops);
  let text = '';
  for (const piece of pieces) {
    const result = scanner.push(piece);
    text += result.text;
    if (result.stop !== undefined) return { text, stop: result.stop };
  }
  return { text: text + scanner.flush() };
}

/** The plain definition: the text up to the first stop text. */
function cut(text: string, stops: readonly string[]): { text: string; stop?: string } {
  const found = stops
    .filter((stop) => stop !== '' && text.includes(stop))
    .map((stop) => ({ stop, index: text.indexOf(stop) }))
    .sort((left, right) => left.index - right.index);
  return found[0] ? { text: text.slice(0, found[0].index), stop: found[0].stop } : { text };
}

describe('StopScanner', () => {
  it.each([
    { pieces: ['one ST', 'OP two'], stops: ['STOP'], text: 'one ', stop: 'STOP' },
    { pieces: ['one ST', 'ONE'], stops: ['STOP'], text: 'one STONE', stop: undefined },
    { pieces: ['a', 'a', 'b'], stops: ['ab'], text: 'a', stop: 'ab' },
    { pieces: ['User:'], stops: ['', 'User:'], text: '', stop: 'User:' },
    { pieces: ['nothing'], stops: [], text: 'nothing', stop: undefined },
  ])('turns $pieces with $stops into $text', ({ pieces, stops, text, stop }) => {
    expect(scan(pieces, stops)).toEqual(stop === undefined ? { text } : { text, stop });
  });

  it('finds one stop text wherever the text is cut into pieces', () => {
    const letters = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 12 });
    const stop = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(fc.array(letters, { maxLength: 8 }), stop, (pieces, text) => {
        expect(scan(pieces, [text])).toEqual(cut(pieces.join(''), [text]));
      }),
    );
  });

  it('never lets any part of a stop text out, with several of them', () => {
    const letters = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 6 });
    const stops = fc.array(
      fc.string({ unit: fc.constantFrom('a', 'b'), minLength: 1, maxLength: 3 }),
    );
    fc.assert(
      fc.property(fc.array(letters), stops, (pieces, list) => {
        const { text } = scan(pieces, list);

        expect(list.some((stop) => text.includes(stop))).toBe(false);
        expect(pieces.join('').startsWith(text)).toBe(true);
      }),
    );
  });
});
