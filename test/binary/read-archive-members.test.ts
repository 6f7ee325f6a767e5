import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readArchiveMembers } from '../../src/binary/read-archive-members.ts';
import { createBufferSource } from '../../src/bytes/create-buffer-source.ts';
import { buildArchive, type ArchiveKind, type MemberSpec } from '../fixtures/build-archive.ts';
import { givesBinaryResult, mutate } from '../fixtures/gives-binary-result.ts';

async function readMembers(bytes: Uint8Array): Promise<{ name: string; data: number[] }[]> {
  const members = [];
  for await (const { name, offset, sizeBytes } of readArchiveMembers(createBufferSource(bytes))) {
    members.push({ name, data: [...bytes.subarray(offset, offset + sizeBytes)] });
  }
  return members;
}

const member = fc.record({
  name: fc.stringMatching(/^[a-z_][a-z_.-]{0,40}$/),
  data: fc.uint8Array({ maxLength: 9 }),
});
const kind = fc.constantFrom<ArchiveKind>('gnu', 'bsd', 'msvc');
const members: readonly MemberSpec[] = [
  { name: 'a.o', data: Uint8Array.of(1) },
  { name: 'a_very_long_member_name.cu.o', data: Uint8Array.of(2, 3) },
];
const changes = fc.array(fc.record({ at: fc.nat(500), value: fc.nat(255) }), {
  minLength: 1,
  maxLength: 4,
});

describe('readArchiveMembers', () => {
  it('reads back every member, without the symbol tables', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(member, { maxLength: 5 }), kind, async (list, ownKind) => {
        const found = await readMembers(buildArchive(list, ownKind));

        expect(found).toEqual(list.map(({ name, data }) => ({ name, data: [...data] })));
      }),
    );
  });

  it('refuses thin archives', async () => {
    const bytes = new TextEncoder().encode('!<thin>\n');

    await expect(readMembers(bytes)).rejects.toMatchObject({ code: 'BINARY_UNSUPPORTED' });
  });

  it.each([
    { name: 'a size that is not a number', at: 8 + 48, value: 0x2d },
    { name: 'a size above what is left', at: 8 + 48, value: 0x39 },
    { name: 'a header without its end mark', at: 8 + 58, value: 0 },
    { name: 'another magic number', at: 1, value: 0x3e },
  ])('refuses $name', async ({ at, value }) => {
    const bytes = mutate(buildArchive(members), [{ at, value }]);

    await expect(readMembers(bytes)).rejects.toMatchObject({ code: 'BINARY_MALFORMED' });
  });

  it('never fails in any other way', async () => {
    await fc.assert(
      fc.asyncProperty(kind, changes, async (ownKind, list) => {
        const bytes = buildArchive(members, ownKind);
        expect(await givesBinaryResult(() => readMembers(mutate(bytes, list)))).toBe(true);
        expect(await givesBinaryResult(() => readMembers(bytes.subarray(0, list[0]!.at)))).toBe(
          true,
        );
      }),
      { numRuns: 1000 },
    );
  });
});
