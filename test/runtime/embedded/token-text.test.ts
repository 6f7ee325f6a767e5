import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TokenText } from '../../../src/runtime/embedded/token-text.ts';

/** A tokenizer whose tokens are single bytes: the hardest case for characters of several bytes. */
const decodeBytes = (tokens: readonly number[]): string =>
  new TextDecoder().decode(Uint8Array.from(tokens));

function pushAll(bytes: Iterable<number>): string[] {
  const decoder = new TokenText<number>(decodeBytes);
  return [...[...bytes].map((byte) => decoder.push(byte)), decoder.flush()];
}

describe('TokenText', () => {
  it('holds a character back until its last byte has come', () => {
    const pieces = pushAll(new TextEncoder().encode('a€b'));

    expect(pieces).toEqual(['a', '', '', '€', 'b', '']);
  });

  it('gives back every text whose tokens are its bytes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        fc.pre(!text.includes('\ufffd') && !text.startsWith('\ufeff'));

        const decoded = pushAll(new TextEncoder().encode(text)).join('');

        // TextDecoder drops a byte order mark wherever a fresh decode begins.
        expect(decoded).toBe(text.replaceAll('\ufeff', ''));
      }),
    );
  });

  it('shows a character that stays broken instead of waiting for ever', () => {
    const pieces = pushAll([0xe2, 0x82]);

    expect(pieces.join('')).toBe('\ufffd');
  });

  it('tells the detokenizer which tokens came before', () => {
    const seen: (readonly string[])[] = [];
    const decoder = new TokenText<string>((tokens, previous) => {
      seen.push(previous);
      return tokens.join('');
    });

    for (const token of ['a', 'b', 'c', 'd', 'e']) decoder.push(token);

    expect(seen).toEqual([[], ['a'], ['a', 'b'], ['a', 'b', 'c'], ['b', 'c', 'd']]);
  });
});
