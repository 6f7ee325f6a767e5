import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeLz4Block } from '../../src/bytes/decode-lz4-block.ts';
import { decodeLz4Frame } from '../../src/bytes/decode-lz4-frame.ts';
import { ByteWriter } from '../fixtures/byte-writer.ts';
import { encodeLz4Block } from '../fixtures/encode-lz4-block.ts';
import { givesBinaryResult, mutate } from '../fixtures/gives-binary-result.ts';

/** Text with many repeats, so that matches of every kind occur. */
const repetitive = fc
  .array(
    fc.tuple(fc.uint8Array({ minLength: 1, maxLength: 20 }), fc.integer({ min: 1, max: 60 })),
    {
      maxLength: 10,
    },
  )
  .map((parts) =>
    Uint8Array.from(
      parts.flatMap(([bytes, count]) => Array.from({ length: count }, () => [...bytes]).flat()),
    ),
  );

const changes = fc.array(fc.record({ at: fc.nat(5000), value: fc.nat(255) }), {
  minLength: 1,
  maxLength: 4,
});

describe('decodeLz4Block', () => {
  it('decodes what was encoded', () => {
    fc.assert(
      fc.property(repetitive, (bytes) => {
        expect([...decodeLz4Block(encodeLz4Block(bytes), bytes.length)]).toEqual([...bytes]);
      }),
    );
  });

  it('repeats one byte for a match that overlaps itself', () => {
    const block = Uint8Array.of(0x1f, 0x61, 1, 0, 250, 0x10, 0x62);

    const text = new TextDecoder().decode(decodeLz4Block(block, 1000));

    expect(text).toBe(`${'a'.repeat(1 + 15 + 250 + 4)}b`);
  });

  it('refuses a block that decodes to more than the maximum, before it allocates', () => {
    // 255 bytes of output for each byte of input.
    const bomb = new Uint8Array(1 << 20).fill(255);
    bomb.set([0x1f, 0x61, 1, 0]);
    bomb.set([0, 0x10, 0x62], bomb.length - 3);

    expect(() => decodeLz4Block(bomb, 1 << 20)).toThrow(
      expect.objectContaining({ code: 'BINARY_TOO_LARGE' }),
    );
  });

  it.each([
    { name: 'nothing', block: [] },
    { name: 'an offset of 0', block: [0x10, 0x61, 0, 0, 0x10, 0x62] },
    { name: 'a match before the start', block: [0x10, 0x61, 2, 0, 0x10, 0x62] },
    { name: 'literals cut off', block: [0x50, 0x61] },
    { name: 'a length cut off', block: [0xf0, 255, 255] },
    { name: 'a match at the very end', block: [0x10, 0x61, 1, 0] },
  ])('refuses $name', ({ block }) => {
    expect(() => decodeLz4Block(Uint8Array.from(block), 1000)).toThrow(
      expect.objectContaining({ code: 'BINARY_MALFORMED' }),
    );
  });

  it('never fails in any other way', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (bytes) => {
        expect(await givesBinaryResult(() => decodeLz4Block(bytes, 10_000))).toBe(true);
      }),
      { numRuns: 1000 },
    );
    await fc.assert(
      fc.asyncProperty(repetitive, changes, async (bytes, list) => {
        expect(
          await givesBinaryResult(() =>
            decodeLz4Block(mutate(encodeLz4Block(bytes), list), 10_000),
          ),
        ).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});

interface FrameSpec {
  readonly blocks: readonly Uint8Array[];
  readonly isLinked?: boolean;
  readonly hasChecksums?: boolean;
  readonly contentBytes?: number;
}

function buildFrame({
  blocks,
  isLinked = false,
  hasChecksums = false,
  contentBytes,
}: FrameSpec): Uint8Array {
  const flags =
    0x40 | (isLinked ? 0 : 0x20) | (hasChecksums ? 0x14 : 0) | (contentBytes === undefined ? 0 : 8);
  const writer = new ByteWriter().u32(0x184d2204).u8(flags, 0x40);
  if (contentBytes !== undefined) writer.u64(contentBytes);
  writer.u8(0);
  for (const block of blocks) {
    writer.u32(block.length).bytes(block);
    if (hasChecksums) writer.u32(0);
  }
  writer.u32(0);
  if (hasChecksums) writer.u32(0);
  return writer.finish();
}

describe('decodeLz4Frame', () => {
  it('decodes blocks one after the other', () => {
    fc.assert(
      fc.property(fc.array(repetitive, { maxLength: 3 }), fc.boolean(), (parts, hasChecksums) => {
        const content = parts.flatMap((part) => [...part]);
        const blocks = parts.map((part) => encodeLz4Block(part));
        const frame = buildFrame({ blocks, hasChecksums, contentBytes: content.length });

        expect([...decodeLz4Frame(frame, content.length)]).toEqual(content);
      }),
    );
  });

  it('lets the matches of linked blocks reach into the block before', () => {
    const first = encodeLz4Block(new TextEncoder().encode('abcdefgh'));
    const second = Uint8Array.of(0x04, 8, 0, 0x10, 0x21); // 8 bytes from 8 back, then "!"
    const frame = { blocks: [first, second] };

    expect(
      new TextDecoder().decode(decodeLz4Frame(buildFrame({ ...frame, isLinked: true }), 99)),
    ).toBe('abcdefghabcdefgh!');
    expect(() => decodeLz4Frame(buildFrame(frame), 99)).toThrow(/behind the start/);
  });

  it('copies stored blocks', () => {
    const frame = new ByteWriter()
      .u32(0x184d2204)
      .u8(0x60, 0x40, 0)
      .u32(0x80000002)
      .u8(1, 2)
      .u32(0)
      .finish();

    expect([...decodeLz4Frame(frame, 2)]).toEqual([1, 2]);
    expect(() => decodeLz4Frame(frame, 1)).toThrow(
      expect.objectContaining({ code: 'BINARY_TOO_LARGE' }),
    );
  });

  it('refuses a wrong content size and bytes behind the end', () => {
    const blocks = [encodeLz4Block(Uint8Array.of(1, 2, 3))];

    expect(() => decodeLz4Frame(buildFrame({ blocks, contentBytes: 4 }), 99)).toThrow(
      /lz4.contentSize/,
    );
    expect(() => decodeLz4Frame(Uint8Array.of(...buildFrame({ blocks }), 0), 99)).toThrow(/follow/);
  });

  it('refuses frames that need a dictionary', () => {
    const frame = new ByteWriter().u32(0x184d2204).u8(0x61, 0x40).u32(1).u8(0).u32(0).finish();

    expect(() => decodeLz4Frame(frame, 99)).toThrow(
      expect.objectContaining({ code: 'BINARY_UNSUPPORTED' }),
    );
  });

  it('never fails in any other way', async () => {
    const frame = repetitive.map((bytes) =>
      buildFrame({ blocks: [encodeLz4Block(bytes)], contentBytes: bytes.length }),
    );
    await fc.assert(
      fc.asyncProperty(frame, changes, async (bytes, list) => {
        expect(await givesBinaryResult(() => decodeLz4Frame(mutate(bytes, list), 10_000))).toBe(
          true,
        );
        expect(
          await givesBinaryResult(() =>
            decodeLz4Frame(bytes.subarray(0, list[0]!.at % bytes.length), 10_000),
          ),
        ).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});
