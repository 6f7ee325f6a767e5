import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stripControlCharacters } from '../../src/units/strip-control-characters.ts';

describe('stripControlCharacters', () => {
  it.each([
    ['an escape sequence', '\u001B[2Jgone', ' [2Jgone'],
    ['line ends', 'one\r\ntwo', 'one  two'],
    ['a C1 control sequence introducer', '\u009B31mred', ' 31mred'],
    ['a right-to-left override', 'gguf\u202Egpj', 'gguf gpj'],
    ['an isolate', 'a\u2066b\u2069c', 'a b c'],
    ['a line separator', 'a\u2028b', 'a b'],
    ['delete', 'a\u007Fb', 'a b'],
  ])('takes %s away', (_what, text, safe) => {
    const stripped = stripControlCharacters(text);

    expect(stripped).toBe(safe);
  });

  it.each(['Zürich', '日本語', '🦙 llama', 'a\u200Db', 'שלום'])('leaves %j as it is', (text) => {
    const stripped = stripControlCharacters(text);

    expect(stripped).toBe(text);
  });

  it('leaves no control or line-breaking character, and no letter out, of any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const stripped = stripControlCharacters(text);

        expect(stripped).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}]/u);
        expect(stripped).toHaveLength(text.length);
        expect(stripped.match(/\p{L}/gu)).toEqual(text.match(/\p{L}/gu));
      }),
    );
  });
});
