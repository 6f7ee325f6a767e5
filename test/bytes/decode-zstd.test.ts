import fc from 'fast-check';
import { decompress } from 'fzstd';
import { describe, expect, it } from 'vitest';
import { decodeZstd } from '../../src/bytes/decode-zstd.ts';
import { ByteWriter } from '../fixtures/byte-writer.ts';
import { readTruthFiles } from '../fixtures/cuda-truth.ts';
import { givesBinaryResult, mutate } from '../fixtures/gives-binary-result.ts';

const magic = [0x28, 0xb5, 0x2f, 0xfd] as const;

/** What nvcc 13 compressed: every zstd payload of the recorded fatbins, found by its magic number. */
const recorded = readTruthFiles().flatMap(({ bytes }) => findFrames(bytes));

function findFrames(bytes: Uint8Array): Uint8Array[] {
  const view = new DataView(bytes.buffer);
  const frames: Uint8Array[] = [];
  for (let at = 16; at < bytes.length;) {
    const headerBytes = view.getUint32(at + 4, true);
    const compressed = view.getUint32(at + 16, true);
    const start = at + headerBytes;
    if ((view.getUint32(at + 40, true) & 0x8000) !== 0)
      frames.push(bytes.slice(start, start + compressed));
    at = start + view.getUint32(at + 8, true);
  }
  return frames;
}

interface BlockSpec {
  readonly type: 0 | 1 | 2;
  readonly size: number;
  readonly content: readonly number[];
}

/** A frame without a content size, unless one is given. */
function buildFrame(blocks: readonly BlockSpec[], contentBytes?: number): Uint8Array {
  const writer = new ByteWriter().bytes(magic);
  if (contentBytes === undefined) writer.u8(0, 0x50);
  else writer.u8(0xe0).u64(contentBytes);
  for (const [index, { type, size, content }] of blocks.entries()) {
    const header = (size << 3) | (type << 1) | (index === blocks.length - 1 ? 1 : 0);
    writer.u8(header, header >> 8, header >> 16).bytes(content);
  }
  return writer.finish();
}

const repeat = (byte: number, size: number): BlockSpec => ({ type: 1, size, content: [byte] });
const store = (content: readonly number[]): BlockSpec => ({
  type: 0,
  size: content.length,
  content,
});
const changes = fc.array(fc.record({ at: fc.nat(5000), value: fc.nat(255) }), {
  minLength: 1,
  maxLength: 4,
});

describe('decodeZstd', () => {
  it('decodes what nvcc compressed, as another decoder does', () => {
    expect(recorded.length).toBeGreaterThan(100);
    for (const frame of recorded) {
      expect(Buffer.compare(decodeZstd(frame, 1 << 20), decompress(frame))).toBe(0);
    }
  });

  it('decodes stored and repeated blocks, and frames one after the other', () => {
    const first = buildFrame([store([1, 2, 3]), repeat(7, 4)], 7);
    const skippable = new ByteWriter().u32(0x184d2a53, 2).u8(9, 9).finish();
    const second = buildFrame([store([]), repeat(8, 1)]);

    const decoded = decodeZstd(Uint8Array.of(...first, ...skippable, ...second), 8);

    expect([...decoded]).toEqual([1, 2, 3, 7, 7, 7, 7, 8]);
  });

  it('grows past its first allocation', () => {
    const blocks = Array.from({ length: 20 }, (_, index) => repeat(index, 128 * 1024));

    const decoded = decodeZstd(buildFrame(blocks), 20 * 128 * 1024);

    expect(decoded.length).toBe(20 * 128 * 1024);
    expect(decoded.at(-1)).toBe(19);
  });

  it.each([
    { name: 'an announced size', frame: buildFrame([repeat(0, 1)], 2 ** 40) },
    { name: 'more than the maximum', frame: buildFrame([repeat(0, 128 * 1024), repeat(0, 1)]) },
  ])('refuses $name above the maximum', ({ frame }) => {
    expect(() => decodeZstd(frame, 128 * 1024)).toThrow(
      expect.objectContaining({ code: 'BINARY_TOO_LARGE' }),
    );
  });

  it('ends at once on a block of 12 bytes that asks for 98,047 matches of 65,539 bytes', () => {
    // No literals, RLE tables (codes 0, 0, 52), a bit stream of one byte. fzstd 0.1.1 copies for 10 s and more.
    const bomb = { type: 2, size: 9, content: [0, 0xff, 0xff, 0xff, 0x54, 0, 0, 52, 1] } as const;
    const frame = buildFrame(Array.from({ length: 1000 }, () => bomb));

    const start = performance.now();

    expect(() => decodeZstd(frame, 1 << 30)).toThrow(
      expect.objectContaining({ code: 'BINARY_MALFORMED' }),
    );
    expect(performance.now() - start).toBeLessThan(1000);
  });

  it.each([
    { name: 'nothing', frame: new Uint8Array(0) },
    { name: 'another magic number', frame: Uint8Array.of(1, 2, 3, 4, 5) },
    { name: 'a content size that is too high', frame: buildFrame([repeat(0, 5)], 6) },
    { name: 'a content size that is too low', frame: buildFrame([repeat(0, 5)], 4) },
    { name: 'a block above 128 KiB', frame: buildFrame([repeat(0, 128 * 1024 + 1)]) },
    { name: 'a reserved block type', frame: buildFrame([{ ...repeat(0, 1), type: 3 as 2 }]) },
    { name: 'a block cut off', frame: buildFrame([{ type: 0, size: 5, content: [1] }]) },
    {
      name: 'a match before the start',
      frame: buildFrame([{ type: 2, size: 8, content: [0x08, 1, 1, 0x54, 1, 5, 0, 0x41] }]),
    },
  ])('refuses $name', ({ frame }) => {
    expect(() => decodeZstd(frame, 1 << 20)).toThrow(
      expect.objectContaining({ code: 'BINARY_MALFORMED' }),
    );
  });

  it('refuses frames that need a dictionary', () => {
    const frame = Uint8Array.of(...magic, 0x01, 0x50, 7, 1, 0, 0);

    expect(() => decodeZstd(frame, 99)).toThrow(
      expect.objectContaining({ code: 'BINARY_UNSUPPORTED' }),
    );
  });

  it('never fails in any other way on damaged frames', async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...recorded), changes, async (frame, list) => {
        expect(await givesBinaryResult(() => decodeZstd(mutate(frame, list), 1 << 20))).toBe(true);
        expect(
          await givesBinaryResult(() =>
            decodeZstd(frame.subarray(0, list[0]!.at % frame.length), 1 << 20),
          ),
        ).toBe(true);
      }),
      { numRuns: 1500 },
    );
  });

  it('never fails in any other way on compressed blocks of any bytes', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.uint8Array({ maxLength: 60 }), { maxLength: 3 }),
        async (contents) => {
          const blocks = contents.map(
            (content) => ({ type: 2, size: content.length, content: [...content] }) as const,
          );
          expect(await givesBinaryResult(() => decodeZstd(buildFrame(blocks), 1 << 20))).toBe(true);
        },
      ),
      { numRuns: 2000 },
    );
  });
});
