import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LinkedLibraries } from '../../src/binary/linked-libraries.ts';
import { readCoffObject } from '../../src/binary/read-coff-object.ts';
import { readPe } from '../../src/binary/read-pe.ts';
import { readPeLibraries } from '../../src/binary/read-pe-libraries.ts';
import { createBufferSource } from '../../src/bytes/create-buffer-source.ts';
import { buildCoffObject, buildPe } from '../fixtures/build-pe.ts';
import { givesBinaryResult, mutate } from '../fixtures/gives-binary-result.ts';

async function readLibraries(bytes: Uint8Array): Promise<LinkedLibraries> {
  const source = createBufferSource(bytes);
  return readPeLibraries(source, await readPe(source));
}

const image = buildPe({
  imports: ['cublas64_13.dll', 'KERNEL32.dll'],
  delayImports: ['nvcuda.dll'],
  sections: [{ name: '.nv_fatb', data: Uint8Array.of(1, 2, 3) }],
});
const changes = fc.array(fc.record({ at: fc.nat(1500), value: fc.nat(255) }), {
  minLength: 1,
  maxLength: 4,
});

describe('readPe', () => {
  it('reads the section table', async () => {
    const pe = await readPe(createBufferSource(image));

    expect(pe.machine).toBe(0x8664);
    expect(
      pe.sections.map(({ name, memoryBytes, sizeBytes }) => ({ name, memoryBytes, sizeBytes })),
    ).toEqual([
      expect.objectContaining({ name: '.rdata' }),
      { name: '.nv_fatb', memoryBytes: 3, sizeBytes: 512 },
    ]);
  });

  it('refuses 32-bit images', async () => {
    const bytes = buildPe({ magic: 0x10b });

    await expect(readPe(createBufferSource(bytes))).rejects.toMatchObject({
      code: 'BINARY_UNSUPPORTED',
    });
  });

  it('refuses a program for DOS', async () => {
    await expect(
      readPe(createBufferSource(mutate(image, [{ at: 64, value: 0 }]))),
    ).rejects.toMatchObject({
      code: 'BINARY_MALFORMED',
      detail: { field: 'pe.signature', reason: expect.any(String) },
    });
  });
});

describe('readPeLibraries', () => {
  it('names the DLLs that are imported at once and at first use', async () => {
    expect(await readLibraries(image)).toMatchObject({
      needed: ['cublas64_13.dll', 'KERNEL32.dll'],
      delayLoaded: ['nvcuda.dll'],
    });
  });

  it('finds none in an image without imports', async () => {
    expect(await readLibraries(buildPe({}))).toMatchObject({ needed: [], delayLoaded: [] });
  });

  it('never fails in any other way', async () => {
    await fc.assert(
      fc.asyncProperty(changes, async (list) => {
        expect(await givesBinaryResult(() => readLibraries(mutate(image, list)))).toBe(true);
        expect(await givesBinaryResult(() => readLibraries(image.subarray(0, list[0]!.at)))).toBe(
          true,
        );
      }),
      { numRuns: 1500 },
    );
  });
});

describe('readCoffObject', () => {
  const object = buildCoffObject([
    { name: '.text', data: Uint8Array.of(1) },
    { name: '__nv_relfatbin', data: Uint8Array.of(2, 3) },
  ]);

  it('finds long section names in the string table', async () => {
    const { sections } = await readCoffObject(createBufferSource(object));

    expect(sections.map(({ name, sizeBytes }) => ({ name, sizeBytes }))).toEqual([
      { name: '.text', sizeBytes: 1 },
      { name: '__nv_relfatbin', sizeBytes: 2 },
    ]);
  });

  it('never fails in any other way', async () => {
    await fc.assert(
      fc.asyncProperty(changes, async (list) => {
        expect(
          await givesBinaryResult(() => readCoffObject(createBufferSource(mutate(object, list)))),
        ).toBe(true);
        expect(
          await givesBinaryResult(() =>
            readCoffObject(createBufferSource(object.subarray(0, list[0]!.at))),
          ),
        ).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });
});
