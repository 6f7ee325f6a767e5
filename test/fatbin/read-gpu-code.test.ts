import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ByteSource } from '../../src/bytes/byte-source.ts';
import { createBufferSource } from '../../src/bytes/create-buffer-source.ts';
import type { GpuCode } from '../../src/fatbin/gpu-code.ts';
import { readGpuCode, type GpuCodeOptions } from '../../src/fatbin/read-gpu-code.ts';
import { readImagePayload } from '../../src/fatbin/read-image-payload.ts';
import { buildArchive } from '../fixtures/build-archive.ts';
import { buildCubin } from '../fixtures/build-cubin.ts';
import { buildElf } from '../fixtures/build-elf.ts';
import { buildFatbin, type EntrySpec } from '../fixtures/build-fatbin.ts';
import { buildCoffObject, buildPe } from '../fixtures/build-pe.ts';
import { encodeLz4Block } from '../fixtures/encode-lz4-block.ts';
import { givesBinaryResult, mutate } from '../fixtures/gives-binary-result.ts';

const read = (bytes: Uint8Array, options?: GpuCodeOptions): Promise<GpuCode> =>
  readGpuCode(createBufferSource(bytes), options);

const ptx: EntrySpec = { kind: 1, capability: 75, major: 9, minor: 1, payload: Uint8Array.of(1) };
const cubin = buildCubin({ capability: 86, cudaVersion: 131 });
const sass: EntrySpec = { kind: 2, capability: 86, payload: cubin };
const fatbin = buildFatbin([ptx, sass]);
const section = { name: '.nv_fatbin', data: fatbin };

function summarize({ fatbins }: GpuCode): string[] {
  return fatbins.map(
    ({ section: name, member, images }) =>
      `${member ?? '-'} ${name ?? '-'} ${images.map(({ kind, target }) => `${kind}${target.capability}`).join(' ')}`,
  );
}

describe('readGpuCode', () => {
  it.each([
    {
      name: 'a library',
      bytes: buildElf({ sections: [section] }),
      found: ['- .nv_fatbin ptx75 sass86'],
    },
    {
      name: 'relocatable device code',
      bytes: buildElf({ type: 1, sections: [section, { name: '__nv_relfatbin', data: fatbin }] }),
      found: ['- .nv_fatbin ptx75 sass86', '- __nv_relfatbin ptx75 sass86'],
    },
    {
      name: 'a library without section table',
      bytes: buildElf({ sections: [section], isStripped: true }),
      found: ['- - ptx75 sass86'],
    },
    {
      name: 'a program that keeps its fatbin elsewhere',
      bytes: buildElf({ sections: [{ name: '.rodata', data: fatbin }] }),
      found: ['- - ptx75 sass86'],
    },
    { name: 'a program without GPU code', bytes: buildElf({}), found: [] },
    {
      name: 'a DLL',
      bytes: buildPe({ sections: [{ name: '.nv_fatb', data: fatbin }] }),
      found: ['- .nv_fatb ptx75 sass86'],
    },
    {
      name: 'a DLL that keeps it elsewhere',
      bytes: buildPe({ sections: [{ name: '.rsrc', data: fatbin }] }),
      found: ['- - ptx75 sass86'],
    },
    { name: 'a fatbin file', bytes: fatbin, found: ['- - ptx75 sass86'] },
    { name: 'a cubin', bytes: cubin, found: ['- - sass86'] },
    {
      name: 'PTX',
      bytes: new TextEncoder().encode('.version 8.4\n.target sm_90a\n'),
      found: ['- - ptx90'],
    },
    {
      name: 'a static library of Linux',
      bytes: buildArchive([
        { name: 'readme.txt', data: new TextEncoder().encode('hello') },
        { name: 'empty.o', data: buildElf({ type: 1 }) },
        { name: 'with_a_long_name.cu.o', data: buildElf({ type: 1, sections: [section] }) },
      ]),
      found: ['with_a_long_name.cu.o .nv_fatbin ptx75 sass86'],
    },
    {
      name: 'a static library of Windows',
      bytes: buildArchive([{ name: 'a.obj', data: buildCoffObject([section]) }], 'msvc'),
      found: ['a.obj .nv_fatbin ptx75 sass86'],
    },
  ])('lists the images of $name', async ({ bytes, found }) => {
    expect(summarize(await read(bytes))).toEqual(found);
  });

  it('gives offsets that are absolute in an archive', async () => {
    const bytes = buildArchive([
      { name: 'pad', data: new Uint8Array(3) },
      { name: 'a.o', data: buildElf({ type: 1, sections: [section] }) },
    ]);

    const { fatbins } = await read(bytes);

    const [, image] = fatbins[0]!.images;
    const payload = await readImagePayload(createBufferSource(bytes), image!, {
      maximumBytes: 1 << 20,
    });
    expect([...payload.subarray(0, cubin.length)]).toEqual([...cubin]);
  });

  it.each([
    { name: 'an empty file', bytes: new Uint8Array(0) },
    { name: 'text', bytes: new TextEncoder().encode('hello') },
    { name: 'a 32-bit program', bytes: mutate(buildElf({}), [{ at: 4, value: 1 }]) },
    { name: 'a big-endian program', bytes: mutate(buildElf({}), [{ at: 5, value: 2 }]) },
    { name: 'Mach-O', bytes: Uint8Array.of(0xcf, 0xfa, 0xed, 0xfe, 7) },
    { name: 'a zip archive', bytes: Uint8Array.of(0x50, 0x4b, 3, 4) },
    { name: 'an object outside of an archive', bytes: buildCoffObject([section]) },
    { name: 'a thin archive', bytes: new TextEncoder().encode('!<thin>\n') },
  ])('names $name as unsupported', async ({ bytes }) => {
    await expect(read(bytes)).rejects.toMatchObject({ code: 'BINARY_UNSUPPORTED' });
  });

  it('collects what tells the toolkit', async () => {
    const bytes = buildElf({
      dynamic: { needed: ['libcudart.so.13'] },
      sections: [{ name: '.nv_fatbin', data: buildFatbin([{ ...ptx, minor: 0 }, ptx, sass]) }],
    });

    expect((await read(bytes)).toolkit).toEqual({
      highestPtxIsa: { major: 9, minor: 1 },
      cubinToolkit: { major: 13, minor: 1 },
      cudartMajor: 13,
    });
  });

  it('decompresses an image for the toolkit only when it is asked to', async () => {
    const compression = { flag: 0x2000, decodedBytes: cubin.length };
    const bytes = buildFatbin([{ ...sass, payload: encodeLz4Block(cubin), compression }]);

    expect((await read(bytes)).toolkit.cubinToolkit).toBeUndefined();
    expect((await read(bytes, { isDeep: true })).toolkit.cubinToolkit).toEqual({
      major: 13,
      minor: 1,
    });
  });

  it.each([
    { needed: 'libcudart.so.11.0', major: 11 },
    { needed: 'libcudart.so.12', major: 12 },
    { needed: 'cudart64_110.dll', major: 11 },
    { needed: 'cudart64_13.dll', major: 13 },
    { needed: 'libcudart_static.a', major: undefined },
  ])('reads the major version of $needed', async ({ needed, major }) => {
    const code = await read(
      needed.endsWith('.dll')
        ? buildPe({ imports: [needed] })
        : buildElf({ dynamic: { needed: [needed] } }),
    );

    expect(code.toolkit.cudartMajor).toBe(major);
  });

  it.each([
    { name: 'x86-64', bytes: buildElf({ machine: 62 }) },
    { name: 'aarch64', bytes: buildElf({ machine: 183 }) },
    { name: 'aarch64', bytes: buildPe({ machine: 0xaa64 }) },
    { name: undefined, bytes: buildElf({ machine: 243 }) },
  ])('names the processor: $name', async ({ name, bytes }) => {
    expect((await read(bytes)).architecture).toBe(name);
  });

  it('never fails in any other way', async () => {
    const file = fc.constantFrom(
      buildElf({ sections: [section], dynamic: { needed: ['libcudart.so.13'] } }),
      buildPe({ sections: [{ name: '.nv_fatb', data: fatbin }], imports: ['a.dll'] }),
      buildArchive([{ name: 'a.o', data: buildElf({ type: 1, sections: [section] }) }]),
      fatbin,
      cubin,
    );
    const changes = fc.array(fc.record({ at: fc.nat(4000), value: fc.nat(255) }), {
      minLength: 1,
      maxLength: 5,
    });
    await fc.assert(
      fc.asyncProperty(file, changes, async (bytes, list) => {
        expect(await givesBinaryResult(() => read(mutate(bytes, list), { isDeep: true }))).toBe(
          true,
        );
        expect(
          await givesBinaryResult(() => read(bytes.subarray(0, list[0]!.at % bytes.length))),
        ).toBe(true);
      }),
      { numRuns: 1500 },
    );
  });

  it('reads less than one percent of a library with 143 fatbins of 7 images', async () => {
    const { source, stats } = createLargeLibrary();

    const { fatbins } = await readGpuCode(source);

    expect(fatbins.flatMap(({ images }) => images).length).toBe(1001);
    expect(stats.readBytes).toBeLessThan(source.sizeBytes / 100);
  });

  it('stops at an abort', async () => {
    await expect(read(fatbin, { signal: AbortSignal.abort() })).rejects.toThrow(/abort/i);
  });
});

/** 159 MB that exist only where they are read: the shape of node-llama-cpp's CUDA library. */
function createLargeLibrary(): { source: ByteSource; stats: { readBytes: number } } {
  const payloadBytes = 158_000;
  const image = buildFatbin([{ kind: 2, capability: 86, payload: new Uint8Array(0) }]).subarray(16);
  new DataView(image.buffer, image.byteOffset).setBigUint64(8, BigInt(payloadBytes), true);
  const entryBytes = image.length + payloadBytes;
  const head = buildFatbin([]);
  new DataView(head.buffer).setBigUint64(8, BigInt(7 * entryBytes), true);
  const parts: { at: number; bytes: Uint8Array }[] = [];
  let sizeBytes = 0;
  for (let index = 0; index < 143; index += 1) {
    parts.push({ at: sizeBytes, bytes: head });
    for (let entry = 0; entry < 7; entry += 1) {
      parts.push({ at: sizeBytes + head.length + entry * entryBytes, bytes: image });
    }
    sizeBytes += head.length + 7 * entryBytes;
  }
  const stats = { readBytes: 0 };
  const source: ByteSource = {
    sizeBytes,
    read: async (offset, length) => {
      stats.readBytes += length;
      const result = new Uint8Array(length);
      for (const { at, bytes } of parts) {
        if (at + bytes.length <= offset || at >= offset + length) continue;
        for (const [index, byte] of bytes.entries()) {
          const position = at + index - offset;
          if (position >= 0 && position < length) result[position] = byte;
        }
      }
      return result;
    },
  };
  return { source, stats };
}
