import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createBufferSource } from '../../src/bytes/create-buffer-source.ts';
import type { Cubin } from '../../src/fatbin/cubin.ts';
import { readCubin } from '../../src/fatbin/read-cubin.ts';
import { buildCubin } from '../fixtures/build-cubin.ts';
import { buildElf } from '../fixtures/build-elf.ts';
import { givesBinaryResult, mutate } from '../fixtures/gives-binary-result.ts';

const read = (bytes: Uint8Array): Promise<Cubin> => readCubin(createBufferSource(bytes));

describe('readCubin', () => {
  it('reads the architecture and toolkit of ABI 7 from the header', async () => {
    const cubin = await read(
      buildCubin({ abi: 7, capability: 90, variant: 'a', cudaVersion: 124 }),
    );

    expect(cubin).toEqual({
      abi: 7,
      target: { capability: 90, variant: 'a' },
      toolkit: { major: 12, minor: 4 },
      toolVersion: undefined,
      options: undefined,
      isDebug: false,
      isStub: false,
    });
  });

  it('reads the letter and the toolkit of ABI 8 from the notes', async () => {
    const cubin = await read(
      buildCubin({ capability: 100, variant: 'f', cudaVersion: 131, isDebug: true }),
    );

    expect(cubin).toEqual({
      abi: 8,
      target: { capability: 100, variant: 'f' },
      toolkit: { major: 13, minor: 1 },
      toolVersion: 'V13.1.88',
      options: '-arch sm_100f -m 64',
      isDebug: true,
      isStub: false,
    });
  });

  it('reads the toolkit from the text of ptxas where CUDA 12.9 left out its number', async () => {
    const cubin = await read(
      buildCubin({ capability: 120, cudaVersion: 129, hasNoCudaInfo: true }),
    );

    expect(cubin.toolkit).toEqual({ major: 12, minor: 9 });
  });

  it.each([
    {
      name: 'an ABI that is not known',
      bytes: buildElf({ machine: 190, abiVersion: 9 }),
      code: 'BINARY_UNSUPPORTED',
    },
    { name: 'code for a CPU', bytes: buildElf({}), code: 'BINARY_MALFORMED' },
  ])('refuses $name', async ({ bytes, code }) => {
    await expect(read(bytes)).rejects.toMatchObject({ code });
  });

  it('never fails in any other way', async () => {
    const changes = fc.array(fc.record({ at: fc.nat(1500), value: fc.nat(255) }), {
      minLength: 1,
      maxLength: 4,
    });
    const bytes = buildCubin({ capability: 90, variant: 'a', cudaVersion: 130 });
    await fc.assert(
      fc.asyncProperty(changes, async (list) => {
        expect(await givesBinaryResult(() => read(mutate(bytes, list)))).toBe(true);
        expect(await givesBinaryResult(() => read(bytes.subarray(0, list[0]!.at)))).toBe(true);
      }),
      { numRuns: 1500 },
    );
  });
});
