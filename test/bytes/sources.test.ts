import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ByteSource } from '../../src/bytes/byte-source.ts';
import { createBlobSource } from '../../src/bytes/create-blob-source.ts';
import { createBufferSource } from '../../src/bytes/create-buffer-source.ts';
import { createCachedSource } from '../../src/bytes/create-cached-source.ts';
import { createSubSource } from '../../src/bytes/create-sub-source.ts';

const bytes = Uint8Array.from({ length: 1000 }, (_, index) => index * 7);

const sources: readonly { name: string; source: ByteSource }[] = [
  { name: 'a buffer', source: createBufferSource(bytes) },
  { name: 'a blob', source: createBlobSource(new Blob([bytes])) },
  {
    name: 'a part of a source',
    source: createSubSource(createBufferSource(Uint8Array.of(9, ...bytes, 9)), 1, bytes.length),
  },
  {
    name: 'a cached source',
    source: createCachedSource(createBufferSource(bytes), { blockBytes: 64, maximumBytes: 256 }),
  },
];

describe.each(sources)('$name', ({ source }) => {
  it('gives every range of its bytes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(1000), fc.nat(1000), async (offset, length) => {
        const size = Math.min(length, 1000 - offset);

        const read = await source.read(offset, size);

        expect([...read]).toEqual([...bytes.subarray(offset, offset + size)]);
      }),
    );
  });

  it.each([
    { offset: 999, length: 2 },
    { offset: 1001, length: 0 },
    { offset: -1, length: 1 },
    { offset: 0, length: -1 },
    { offset: 2 ** 53, length: 1 },
    { offset: 1, length: Number.MAX_SAFE_INTEGER },
    { offset: 0.5, length: 1 },
    { offset: Number.NaN, length: 1 },
  ])('refuses $length bytes at $offset', async ({ offset, length }) => {
    await expect(source.read(offset, length)).rejects.toMatchObject({ code: 'BINARY_MALFORMED' });
  });

  it('stops at an abort', async () => {
    await expect(source.read(0, 1, { signal: AbortSignal.abort() })).rejects.toThrow(/abort/i);
  });
});

function countReads(inner: ByteSource): { source: ByteSource; reads: [number, number][] } {
  const reads: [number, number][] = [];
  const source: ByteSource = {
    sizeBytes: inner.sizeBytes,
    read: async (offset, length, options) => {
      reads.push([offset, length]);
      return inner.read(offset, length, options);
    },
  };
  return { source, reads };
}

describe('createCachedSource', () => {
  it('reads whole blocks once', async () => {
    const { source, reads } = countReads(createBufferSource(bytes));
    const cached = createCachedSource(source, { blockBytes: 100, maximumBytes: 1000 });

    await cached.read(10, 20);
    await cached.read(50, 100);
    await cached.read(90, 20);

    expect(reads).toEqual([
      [0, 100],
      [100, 100],
    ]);
  });

  it('fetches only the missing blocks, neighbours together', async () => {
    const { source, reads } = countReads(createBufferSource(bytes));
    const cached = createCachedSource(source, { blockBytes: 10, maximumBytes: 1000 });

    await cached.read(20, 10);
    await cached.read(0, 60);

    expect(reads).toEqual([
      [20, 10],
      [0, 20],
      [30, 30],
    ]);
  });

  it('forgets the blocks used least recently', async () => {
    const { source, reads } = countReads(createBufferSource(bytes));
    const cached = createCachedSource(source, { blockBytes: 10, maximumBytes: 20 });

    await cached.read(0, 10);
    await cached.read(10, 10);
    await cached.read(0, 10);
    await cached.read(20, 10);
    await cached.read(0, 10);

    expect(reads.map(([offset]) => offset)).toEqual([0, 10, 20]);
  });

  it('passes large reads through and keeps none of them', async () => {
    const { source, reads } = countReads(createBufferSource(bytes));
    const cached = createCachedSource(source, { blockBytes: 10, maximumBytes: 100 });

    await cached.read(5, 500);
    await cached.read(5, 500);

    expect(reads).toEqual([
      [5, 500],
      [5, 500],
    ]);
  });
});

describe('createSubSource', () => {
  it('refuses a window that is not within the source', () => {
    const source = createBufferSource(bytes);

    expect(() => createSubSource(source, 990, 11)).toThrow(
      expect.objectContaining({ code: 'BINARY_MALFORMED' }),
    );
  });
});
