import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createBufferSource } from '../../src/bytes/create-buffer-source.ts';
import type { Fatbin } from '../../src/fatbin/fatbin.ts';
import type { ImageBudget } from '../../src/fatbin/image-budget.ts';
import { readFatbin } from '../../src/fatbin/read-fatbin.ts';
import { readFatbinSection } from '../../src/fatbin/read-fatbin-section.ts';
import { scanForFatbins } from '../../src/fatbin/scan-for-fatbins.ts';
import { buildCubin } from '../fixtures/build-cubin.ts';
import { buildFatbin, type EntrySpec } from '../fixtures/build-fatbin.ts';
import { ByteWriter } from '../fixtures/byte-writer.ts';
import { readTruthFiles } from '../fixtures/cuda-truth.ts';
import { givesBinaryResult, mutate } from '../fixtures/gives-binary-result.ts';

const kinds = [
  { kind: 1, name: 'ptx' },
  { kind: 2, name: 'sass' },
  { kind: 4, name: 'sass' },
  { kind: 8, name: 'lto' },
  { kind: 16, name: 'mercury' },
  { kind: 77, name: 'unknown' },
] as const;

const entry: fc.Arbitrary<EntrySpec> = fc.record({
  kind: fc.constantFrom(...kinds.map(({ kind }) => kind)),
  capability: fc.nat(200),
  variant: fc.constantFrom(undefined, 'a' as const, 'f' as const),
  major: fc.nat(20),
  minor: fc.nat(99),
  payload: fc.uint8Array({ maxLength: 40 }),
  flags: fc.constantFrom(0x11, 0x10, 0x13, 0x41),
  objectName: fc.option(fc.stringMatching(/^[a-z]{1,20}\.cu$/), { nil: undefined }),
  options: fc.option(fc.stringMatching(/^-[a-z0-9]{1,20}$/), { nil: undefined }),
});

function readWhole(bytes: Uint8Array): Promise<Fatbin> {
  const place = { offset: 0, limit: bytes.length, section: undefined };
  return readFatbin(createBufferSource(bytes), place);
}

function readSection(bytes: Uint8Array): Promise<Fatbin[]> {
  const section = { offset: 0, sizeBytes: bytes.length, name: '.nv_fatbin' };
  return readFatbinSection(createBufferSource(bytes), section);
}

const ptx: EntrySpec = {
  kind: 1,
  capability: 75,
  major: 9,
  minor: 1,
  payload: Uint8Array.of(1, 2, 3),
};

describe('readFatbin', () => {
  it('reads back every image that can be written', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(entry, { maxLength: 5 }), async (entries) => {
        const bytes = buildFatbin(entries);

        const { sizeBytes, images } = await readWhole(bytes);

        expect(sizeBytes).toBe(bytes.length);
        expect(images.length).toBe(entries.length);
        for (const [index, image] of images.entries()) {
          const spec = entries[index]!;
          const kind = kinds.find((row) => row.kind === spec.kind)!.name;
          expect(image).toMatchObject({
            kind,
            rawKind: spec.kind,
            target: { capability: spec.capability, variant: spec.variant },
            ptxIsa: kind === 'ptx' ? { major: spec.major, minor: spec.minor } : undefined,
            compression: 'none',
            is64Bit: (spec.flags! & 1) !== 0,
            isDebug: (spec.flags! & 2) !== 0,
            objectName: spec.objectName,
            options: kind === 'ptx' || kind === 'lto' ? spec.options : undefined,
          });
          const payload = bytes.subarray(
            image.payloadOffset,
            image.payloadOffset + spec.payload.length,
          );
          expect([...payload]).toEqual([...spec.payload]);
        }
      }),
    );
  });

  it.each([
    { flag: 0x8000, head: [0x28, 0xb5, 0x2f, 0xfd, 0], compression: 'zstd' },
    { flag: 0x2000, head: [0xf0, 1, 2, 3, 4], compression: 'lz4' },
    { flag: 0x2000, head: [0x04, 0x22, 0x4d, 0x18, 0x60], compression: 'lz4-frame' },
    { flag: 0x1000, head: [1, 2, 3, 4, 5], compression: 'unknown' },
    { flag: 0x8000, head: [1], compression: 'zstd' },
  ])('tells $compression', async ({ flag, head, compression }) => {
    const payload = Uint8Array.from(head);

    const { images } = await readWhole(
      buildFatbin([{ ...ptx, payload, compression: { flag, decodedBytes: 99 } }]),
    );

    expect(images[0]).toMatchObject({
      compression,
      payloadBytes: head.length,
      decompressedBytes: 99,
    });
  });

  const bytes = buildFatbin([ptx, ptx]);
  it.each([
    { name: 'another magic number', at: 0, value: 0x51, code: 'BINARY_MALFORMED' },
    { name: 'another container version', at: 4, value: 2, code: 'BINARY_UNSUPPORTED' },
    { name: 'a header of 0 bytes', at: 6, value: 0, code: 'BINARY_MALFORMED' },
    { name: 'a size above the end', at: 9, value: 1, code: 'BINARY_MALFORMED' },
    { name: 'a size above 2^53', at: 15, value: 255, code: 'BINARY_MALFORMED' },
    { name: 'a size that cuts the last entry', at: 8, value: 80, code: 'BINARY_MALFORMED' },
    { name: 'an entry header of 0 bytes', at: 20, value: 0, code: 'BINARY_MALFORMED' },
    { name: 'an entry header behind the end', at: 21, value: 1, code: 'BINARY_MALFORMED' },
    { name: 'an entry header above 64 KiB', at: 22, value: 1, code: 'BINARY_TOO_LARGE' },
    { name: 'an entry size that wraps around', at: 31, value: 255, code: 'BINARY_MALFORMED' },
    { name: 'a compressed size above the payload', at: 32, value: 9, code: 'BINARY_MALFORMED' },
    { name: 'options behind the header', at: 36, value: 99, code: 'BINARY_MALFORMED' },
  ])('refuses $name', async ({ at, value, code }) => {
    await expect(readWhole(mutate(bytes, [{ at, value }]))).rejects.toMatchObject({ code });
  });

  it('refuses every truncation', async () => {
    for (let length = 0; length < bytes.length; length += 1) {
      await expect(readWhole(bytes.subarray(0, length))).rejects.toMatchObject({
        code: 'BINARY_MALFORMED',
      });
    }
  });

  it('never fails in any other way on damaged real ones', async () => {
    const files = readTruthFiles().filter((file) => file.bytes.length < 6000);
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...files),
        fc.array(fc.record({ at: fc.nat(6000), value: fc.nat(255) }), {
          minLength: 1,
          maxLength: 3,
        }),
        async (file, changes) => {
          expect(await givesBinaryResult(() => readSection(mutate(file.bytes, changes)))).toBe(
            true,
          );
        },
      ),
      { numRuns: 1000 },
    );
  });

  it('never fails in any other way on any headers', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (rest) => {
        const head = new ByteWriter()
          .u32(0xba55ed50)
          .u16(1, 16)
          .u64(rest.length)
          .bytes(rest)
          .finish();
        expect(await givesBinaryResult(() => readWhole(head))).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('isStub', () => {
  const sass = (payload: Uint8Array): EntrySpec => ({ kind: 2, capability: 75, payload });
  const stub = buildCubin({ capability: 75, cudaVersion: 130, isStub: true });

  it.each([
    { name: 'an empty cubin of the device link', entries: [sass(stub), sass(stub)], isStub: true },
    {
      name: 'an empty cubin of CUDA 12',
      entries: [sass(buildCubin({ abi: 7, capability: 75, cudaVersion: 124, isStub: true }))],
      isStub: true,
    },
    {
      name: 'a cubin with a kernel',
      entries: [sass(buildCubin({ capability: 75, cudaVersion: 130 }))],
      isStub: false,
    },
    {
      name: 'a cubin of CUDA 12 with a kernel',
      entries: [sass(buildCubin({ abi: 7, capability: 75, cudaVersion: 124 }))],
      isStub: false,
    },
    {
      name: 'an empty cubin beside one with a kernel, for another architecture',
      entries: [sass(stub), sass(buildCubin({ capability: 90, cudaVersion: 130 }))],
      isStub: false,
    },
    { name: 'PTX beside an empty cubin', entries: [sass(stub), ptx], isStub: false },
    { name: 'SASS that is no cubin', entries: [sass(Uint8Array.of(1, 2, 3))], isStub: false },
    { name: 'nothing', entries: [], isStub: false },
  ])('is $isStub for $name', async ({ entries, isStub }) => {
    expect((await readWhole(buildFatbin(entries))).isStub).toBe(isStub);
  });

  it('is false for all recorded fatbins: each has a kernel', async () => {
    for (const { bytes } of readTruthFiles()) expect((await readWhole(bytes)).isStub).toBe(false);
  });
});

describe('readFatbinSection', () => {
  it('finds every container, whatever zero padding is between them', async () => {
    const fatbins = fc.array(
      fc.record({ entries: fc.array(entry, { maxLength: 2 }), padding: fc.nat(4000) }),
      {
        maxLength: 4,
      },
    );
    await fc.assert(
      fc.asyncProperty(fatbins, async (list) => {
        const writer = new ByteWriter();
        const offsets = list.map(({ entries, padding }) => {
          writer.zeros(padding).padTo(8);
          const offset = writer.length;
          writer.bytes(buildFatbin(entries));
          return offset;
        });

        const found = await readSection(writer.zeros(5).finish());

        expect(found.map(({ offset }) => offset)).toEqual(offsets);
      }),
    );
  });

  it('does not pass over what it cannot read', async () => {
    const bytes = new ByteWriter()
      .bytes(buildFatbin([ptx]))
      .u32(0, 7)
      .bytes(buildFatbin([ptx]))
      .finish();

    await expect(readSection(bytes)).rejects.toMatchObject({ code: 'BINARY_MALFORMED' });
  });

  it('names containers of CUDA 3 as unsupported', async () => {
    const bytes = new ByteWriter().u32(0x1ee55a01).zeros(60).finish();

    await expect(readSection(bytes)).rejects.toMatchObject({ code: 'BINARY_UNSUPPORTED' });
  });
});

describe('scanForFatbins', () => {
  const scan = (bytes: Uint8Array, budget?: ImageBudget): Promise<Fatbin[]> =>
    scanForFatbins(createBufferSource(bytes), { offset: 0, sizeBytes: bytes.length }, { budget });

  it('finds containers among other bytes and passes over what only looks like one', async () => {
    const writer = new ByteWriter().text('some program text').padTo(8);
    writer
      .u32(0xba55ed50)
      .u16(1, 16)
      .u64(2 ** 40);
    const offset = writer.length;
    writer
      .bytes(buildFatbin([ptx]))
      .text('more text')
      .padTo(8);
    writer.u32(0xba55ed50);

    const found = await scan(writer.finish());

    expect(found.map((fatbin) => [fatbin.offset, fatbin.images.length])).toEqual([[offset, 1]]);
  });

  it('finds a container across two chunks', async () => {
    const bytes = new Uint8Array((1 << 20) + 200);
    bytes.set(buildFatbin([ptx]), (1 << 20) - 8);

    expect((await scan(bytes)).map(({ offset }) => offset)).toEqual([(1 << 20) - 8]);
  });

  it('ends on a file full of forged containers', async () => {
    const header = new ByteWriter().u32(0xba55ed50).u16(1, 16).finish();
    const bytes = new Uint8Array(1 << 20);
    for (let at = 0; at < bytes.length; at += 8) bytes.set(header, at);

    await expect(scan(bytes)).rejects.toMatchObject({ code: 'BINARY_TOO_LARGE' });
  });
});
