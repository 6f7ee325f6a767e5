import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readElf } from '../../src/binary/read-elf.ts';
import { readElfLibraries } from '../../src/binary/read-elf-libraries.ts';
import type { LinkedLibraries } from '../../src/binary/linked-libraries.ts';
import { createBufferSource } from '../../src/bytes/create-buffer-source.ts';
import { buildElf, type DynamicSpec } from '../fixtures/build-elf.ts';
import { givesBinaryResult, mutate } from '../fixtures/gives-binary-result.ts';

async function readLibraries(bytes: Uint8Array): Promise<LinkedLibraries> {
  const source = createBufferSource(bytes);
  return readElfLibraries(source, await readElf(source));
}

const ggml: DynamicSpec = {
  needed: ['libggml-base.so', 'libcudart.so.13', 'libc.so.6'],
  soname: 'libggml-cuda.so',
  runpath: '$ORIGIN:/usr/local/cuda/lib64',
  versions: {
    'libc.so.6': ['GLIBC_2.2.5', 'GLIBC_2.34', 'GLIBC_2.4', 'GLIBC_PRIVATE'],
    'libstdc++.so.6': ['GLIBCXX_3.4.9', 'GLIBCXX_3.4.30', 'CXXABI_1.3'],
    'libcudart.so.13': ['libcudart.so.13'],
  },
  imports: [
    { name: 'cudaMalloc', version: 'libcudart.so.13' },
    { name: 'memcpy', version: 'GLIBC_2.4' },
    { name: 'cudaLaunchKernelExC', version: 'libcudart.so.13' },
  ],
};

const name = fc.stringMatching(/^[.a-z_]{1,12}$/);
const sections = fc.array(fc.record({ name, data: fc.uint8Array({ maxLength: 40 }) }), {
  maxLength: 6,
});
const changes = fc.array(fc.record({ at: fc.nat(2000), value: fc.nat(255) }), {
  minLength: 1,
  maxLength: 4,
});

describe('readElf', () => {
  it('reads back every section', async () => {
    await fc.assert(
      fc.asyncProperty(sections, async (list) => {
        const bytes = buildElf({ sections: list });

        const elf = await readElf(createBufferSource(bytes));

        const found = elf.sections.slice(1, 1 + list.length);
        expect(found.map((section) => section.name)).toEqual(list.map((section) => section.name));
        for (const [index, { offset, sizeBytes }] of found.entries()) {
          expect([...bytes.subarray(offset, offset + sizeBytes)]).toEqual([...list[index]!.data]);
        }
      }),
    );
  });

  it('reads the count of sections from the first one when the header has no room for it', async () => {
    const bytes = buildElf({ sections: [{ name: '.nv_fatbin', data: new Uint8Array(8) }] });
    const view = new DataView(bytes.buffer);
    const first = Number(view.getBigUint64(0x28, true));
    view.setBigUint64(first + 32, BigInt(view.getUint16(0x3c, true)), true);
    view.setUint32(first + 40, view.getUint16(0x3e, true), true);
    view.setUint16(0x3c, 0, true);
    view.setUint16(0x3e, 0xffff, true);

    const elf = await readElf(createBufferSource(bytes));

    expect(elf.sections.map((section) => section.name)).toEqual(['', '.nv_fatbin', '.shstrtab']);
  });

  it.each([
    { name: 'a 32-bit file', at: 4, value: 1, code: 'BINARY_UNSUPPORTED' },
    { name: 'a big-endian file', at: 5, value: 2, code: 'BINARY_UNSUPPORTED' },
    { name: 'an unknown class', at: 4, value: 3, code: 'BINARY_MALFORMED' },
    { name: 'section entries of 8 bytes', at: 0x3a, value: 8, code: 'BINARY_MALFORMED' },
    {
      name: 'more sections than the file has room for',
      at: 0x3d,
      value: 255,
      code: 'BINARY_MALFORMED',
    },
    { name: 'a section table behind the end', at: 0x2c, value: 1, code: 'BINARY_MALFORMED' },
    { name: 'a section table above 2^53', at: 0x2f, value: 255, code: 'BINARY_MALFORMED' },
  ])('refuses $name', async ({ at, value, code }) => {
    const bytes = mutate(buildElf({ sections: [] }), [{ at, value }]);

    await expect(readElf(createBufferSource(bytes))).rejects.toMatchObject({ code });
  });
});

describe('readElfLibraries', () => {
  const expected = {
    needed: ['libggml-base.so', 'libcudart.so.13', 'libc.so.6'],
    delayLoaded: [],
    soname: 'libggml-cuda.so',
    rpath: [],
    runpath: ['$ORIGIN', '/usr/local/cuda/lib64'],
    glibc: '2.34',
    glibcxx: '3.4.30',
    cudaImports: [
      { name: 'cudaMalloc', library: 'libcudart.so.13' },
      { name: 'cudaLaunchKernelExC', library: 'libcudart.so.13' },
    ],
  };

  it.each([{ isStripped: false }, { isStripped: true }])(
    'reads what a library needs (section table stripped: $isStripped)',
    async ({ isStripped }) => {
      expect(await readLibraries(buildElf({ dynamic: ggml, isStripped }))).toEqual(expected);
    },
  );

  it('finds nothing in a static program', async () => {
    expect(await readLibraries(buildElf({}))).toMatchObject({ needed: [], glibc: undefined });
  });

  it('reads RPATH', async () => {
    const libraries = await readLibraries(buildElf({ dynamic: { rpath: '/opt/a::/opt/b' } }));

    expect(libraries.rpath).toEqual(['/opt/a', '/opt/b']);
  });

  it('never fails in any other way', async () => {
    const file = fc.constantFrom(
      buildElf({ dynamic: ggml, sections: [{ name: '.nv_fatbin', data: new Uint8Array(64) }] }),
      buildElf({ dynamic: ggml, isStripped: true }),
    );
    await fc.assert(
      fc.asyncProperty(file, changes, async (bytes, list) => {
        expect(await givesBinaryResult(() => readLibraries(mutate(bytes, list)))).toBe(true);
        expect(
          await givesBinaryResult(() =>
            readLibraries(bytes.subarray(0, list[0]!.at % bytes.length)),
          ),
        ).toBe(true);
      }),
      { numRuns: 2000 },
    );
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (bytes) => {
        expect(
          await givesBinaryResult(() =>
            readLibraries(Uint8Array.of(0x7f, 0x45, 0x4c, 0x46, 2, 1, ...bytes)),
          ),
        ).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it('ends on a chain of versions that points at itself', async () => {
    const bytes = buildElf({
      dynamic: { versions: { 'libc.so.6': ['GLIBC_2.4'], 'libm.so.6': ['GLIBC_2.4'] } },
    });
    const view = new DataView(bytes.buffer);
    for (let at = 0; at + 16 <= bytes.length; at += 4) {
      // vn_version 1, vn_cnt 1, vn_aux 16: point the version at itself and announce 65,535 of them.
      if (view.getUint32(at, true) !== 0x10001 || view.getUint32(at + 8, true) !== 16) continue;
      view.setUint16(at + 2, 0xffff, true);
      view.setUint32(at + 8, 0, true);
    }

    expect(await givesBinaryResult(() => readLibraries(bytes))).toBe(true);
  });
});
