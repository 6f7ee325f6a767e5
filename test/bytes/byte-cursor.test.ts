import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ByteCursor } from '../../src/bytes/byte-cursor.ts';
import { givesBinaryResult } from '../fixtures/gives-binary-result.ts';
import { ByteWriter } from '../fixtures/byte-writer.ts';

describe('ByteCursor', () => {
  it('reads back every field that can be written', () => {
    fc.assert(
      fc.property(
        fc.record({
          a: fc.nat(0xff),
          b: fc.nat(0xffff),
          c: fc.nat(0xffffffff),
          d: fc.maxSafeNat(),
        }),
        fc.string().filter((text) => !text.includes('\0')),
        ({ a, b, c, d }, text) => {
          const bytes = new ByteWriter().u8(a).u16(b).u32(c).u64(d).text(text).u8(0).finish();
          const cursor = new ByteCursor(bytes);

          const fields = {
            a: cursor.u8('a'),
            b: cursor.u16('b'),
            c: cursor.u32('c'),
            d: cursor.u64('d'),
          };

          expect(fields).toEqual({ a, b, c, d });
          expect(cursor.text('text')).toBe(
            new TextDecoder().decode(new TextEncoder().encode(text)),
          );
          expect(cursor.remainingBytes).toBe(0);
        },
      ),
    );
  });

  it('says where in the source a field is missing', () => {
    const cursor = new ByteCursor(Uint8Array.of(1, 2), { baseOffset: 100 });
    cursor.u8('first');

    expect(() => cursor.u16('second')).toThrow(
      'Malformed second at byte 101: needs 2 bytes, 1 left',
    );
  });

  it.each([
    { name: 'a 64-bit value above 2^53 - 1', run: (cursor: ByteCursor) => cursor.u64('f') },
    { name: 'a negative length', run: (cursor: ByteCursor) => cursor.bytes(-1, 'f') },
    {
      name: 'a length that is not a number',
      run: (cursor: ByteCursor) => cursor.bytes(Number.NaN, 'f'),
    },
    { name: 'a jump behind the end', run: (cursor: ByteCursor) => cursor.seek(9, 'f') },
    { name: 'text without an end', run: (cursor: ByteCursor) => cursor.text('f') },
  ])('refuses $name', ({ run }) => {
    const cursor = new ByteCursor(new Uint8Array(8).fill(0xff));

    expect(() => run(cursor)).toThrow(expect.objectContaining({ code: 'BINARY_MALFORMED' }));
  });

  it('stays within a view of a larger buffer', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 32 }), fc.nat(40), async (bytes, skip) => {
        const view = bytes.subarray(Math.min(4, bytes.length));
        expect(await givesBinaryResult(() => new ByteCursor(view).skip(skip, 'f').u32('f'))).toBe(
          true,
        );
      }),
    );
  });
});
