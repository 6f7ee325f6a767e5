import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { lstat, mkdir, readdir, readFile, readlink, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { extractArchive } from '../../src/archive/extract-archive.ts';
import { LlcudaError } from '../../src/errors/llcuda-error.ts';
import { tarBytes, type TarSpec } from '../fixtures/build-tar.ts';
import {
  canMountDisks,
  createTemporaryDirectory,
  mountSmallDisk,
} from '../support/temporary-directory.ts';
import { zipBytes, type ZipMember } from '../support/zip-bytes.ts';

interface Extraction {
  /** The names below the folder that was unpacked into. */
  readonly names: readonly string[];
  /** What lies beside that folder afterwards: the archive alone, if nothing escaped. */
  readonly beside: readonly string[];
  readonly error: unknown;
}

/** Unpacks bytes into a folder of their own and looks at what came of it. */
async function extract(
  bytes: Uint8Array,
  look?: (folder: string) => Promise<void>,
): Promise<Extraction> {
  await using directory = await createTemporaryDirectory();
  const archive = join(directory.path, 'archive');
  const folder = join(directory.path, 'a', 'unpacked');
  await mkdir(folder, { recursive: true });
  await writeFile(archive, bytes);
  const error = await extractArchive(archive, folder).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error === undefined) await look?.(folder);
  const names = await readdir(folder, { recursive: true });
  const beside = (await readdir(directory.path, { recursive: true })).filter(
    (name) => !name.startsWith('a/unpacked/'),
  );
  return { names: names.toSorted(), beside: beside.toSorted(), error };
}

const untouched = ['a', 'a/unpacked', 'archive'];
const tarGz = (entries: readonly TarSpec[]): Buffer => gzipSync(tarBytes(entries));

describe('extractArchive', () => {
  it.each([
    { kind: 'tar', pack: tarBytes },
    { kind: 'tar.gz', pack: tarGz },
  ])('unpacks files, folders and links inside of a $kind', async ({ pack }) => {
    const bytes = pack([
      { name: './', type: '5', mode: 0o755 },
      { name: './bin/', type: '5', mode: 0o755 },
      { name: './bin/llama-server', content: 'program', mode: 0o775 },
      { name: 'lib/libllama.so.0', content: 'library', mode: 0o600 },
      { name: 'lib/libllama.so', type: '2', link: 'libllama.so.0', mode: 0o777 },
      { name: 'bin/libllama.so', type: '2', link: '../lib/libllama.so', mode: 0o777 },
    ]);

    const { names, error } = await extract(bytes, async (folder) => {
      await expect(readFile(join(folder, 'bin/libllama.so'), 'utf8')).resolves.toBe('library');
      await expect(readlink(join(folder, 'lib/libllama.so'))).resolves.toBe('libllama.so.0');
      expect((await stat(join(folder, 'bin/llama-server'))).mode & 0o7777).toBe(0o755);
      expect((await stat(join(folder, 'lib/libllama.so.0'))).mode & 0o7777).toBe(0o644);
    });

    expect(error).toBeUndefined();
    expect(names).toEqual([
      'bin',
      'bin/libllama.so',
      'bin/llama-server',
      'lib',
      'lib/libllama.so',
      'lib/libllama.so.0',
    ]);
  });

  it('unpacks files, modes and links of a zip', async () => {
    const bytes = zipBytes([
      { name: 'bin/', content: Buffer.alloc(0), mode: 0o040755 },
      { name: 'bin/llama-server', content: Buffer.from('program'), mode: 0o100755 },
      { name: 'lib/libllama.so.0', content: Buffer.from('library'), isDeflated: false },
      { name: 'lib/libllama.so', content: Buffer.from('libllama.so.0'), mode: 0o120777 },
    ]);

    const { error } = await extract(bytes, async (folder) => {
      await expect(readFile(join(folder, 'lib/libllama.so'), 'utf8')).resolves.toBe('library');
      expect((await lstat(join(folder, 'bin/llama-server'))).mode & 0o7777).toBe(0o755);
    });

    expect(error).toBeUndefined();
  });

  it('unpacks names and link targets that are longer than a header takes', async () => {
    const name = `lib/${'long-name-'.repeat(20)}.so`;
    const bytes = tarGz([
      { name, content: 'x' },
      { name: 'lib/link', type: '2', link: name.slice(4) },
    ]);

    const { names, error } = await extract(bytes);

    expect(error).toBeUndefined();
    expect(names).toEqual(['lib', 'lib/link', name].toSorted());
  });
});

const escapes: readonly { readonly what: string; readonly entries: readonly TarSpec[] }[] = [
  { what: 'an absolute path', entries: [{ name: '/tmp/llcuda-escaped', content: 'x' }] },
  { what: 'a path that goes up', entries: [{ name: '../escaped', content: 'x' }] },
  { what: 'a path that goes up later', entries: [{ name: 'lib/../../escaped', content: 'x' }] },
  { what: 'a path that goes up within', entries: [{ name: 'lib/../x', content: 'x' }] },
  { what: 'a drive letter', entries: [{ name: 'C:/escaped', content: 'x' }] },
  { what: 'a backslash', entries: [{ name: '..\\escaped', content: 'x' }] },
  { what: 'a stream of a file', entries: [{ name: 'lib:stream', content: 'x' }] },
  { what: 'a name with a line feed', entries: [{ name: 'a\nb', content: 'x' }] },
  { what: 'a name that turns around text', entries: [{ name: 'a\u202eb', content: 'x' }] },
  { what: 'a name of a device', entries: [{ name: 'lib/aux.so', content: 'x' }] },
  { what: 'a name that ends in a dot', entries: [{ name: 'lib./x', content: 'x' }] },
  { what: 'an empty part', entries: [{ name: 'lib//x', content: 'x' }] },
  { what: 'a link to an absolute path', entries: [{ name: 'l', type: '2', link: '/etc/passwd' }] },
  { what: 'a link that leaves', entries: [{ name: 'l', type: '2', link: '../../escaped' }] },
  { what: 'a link that leaves later', entries: [{ name: 'a/l', type: '2', link: 'b/../../../e' }] },
  { what: 'a link to nothing', entries: [{ name: 'l', type: '2', link: 'missing' }] },
  { what: 'a link to itself', entries: [{ name: 'l', type: '2', link: 'l' }] },
  { what: 'a link without a target', entries: [{ name: 'l', type: '2', link: '' }] },
  {
    what: 'a link to the folder of everything',
    entries: [{ name: 'a/l', type: '2', link: '..' }],
  },
  {
    what: 'a file below a link',
    entries: [
      { name: 'l', type: '2', link: 'lib' },
      { name: 'l/escaped', content: 'x' },
    ],
  },
  {
    what: 'a file in the place of a link',
    entries: [
      { name: 'x', content: 'x' },
      { name: 'l', type: '2', link: 'x' },
      { name: 'l', content: 'y' },
    ],
  },
  {
    what: 'two links that leave only together',
    entries: [
      { name: 'a/b/up', type: '2', link: '..' },
      { name: 'a/out', type: '2', link: 'b/up/../../escaped' },
    ],
  },
  { what: 'a hard link', entries: [{ name: 'l', type: '1', link: '/etc/passwd' }] },
  { what: 'a character device', entries: [{ name: 'd', type: '3' }] },
  { what: 'a block device', entries: [{ name: 'd', type: '4' }] },
  { what: 'a pipe', entries: [{ name: 'd', type: '6' }] },
  { what: 'a type that nobody knows', entries: [{ name: 'd', type: 'Z' }] },
  { what: 'a setuid bit', entries: [{ name: 'bin/su', content: 'x', mode: 0o4755 }] },
  { what: 'a setgid bit', entries: [{ name: 'bin/su', content: 'x', mode: 0o2755 }] },
  { what: 'a sticky folder', entries: [{ name: 'bin/', type: '5', mode: 0o1777 }] },
  {
    what: 'a name twice',
    entries: [
      { name: 'x', content: 'x' },
      { name: './x', content: 'y' },
    ],
  },
  {
    what: 'names that differ by case',
    entries: [
      { name: 'lib/A', content: 'x' },
      { name: 'lib/a', content: 'y' },
    ],
  },
  {
    what: 'folders that differ by case',
    entries: [
      { name: 'Lib/a', content: 'x' },
      { name: 'lib/b', content: 'y' },
    ],
  },
  {
    what: 'names that differ by their Unicode form',
    entries: [
      { name: '\u00e9', content: 'x' },
      { name: 'e\u0301', content: 'y' },
    ],
  },
  {
    what: 'a file below a file',
    entries: [
      { name: 'x', content: 'x' },
      { name: 'x/y', content: 'y' },
    ],
  },
  { what: 'a folder too deep', entries: [{ name: 'a/'.repeat(20) + 'x', content: 'x' }] },
  { what: 'a long part', entries: [{ name: 'x'.repeat(300), content: 'x' }] },
  { what: 'a long name', entries: [{ name: 'abcdefg/'.repeat(140) + 'x', content: 'x' }] },
];

describe('extractArchive, of an archive with', () => {
  it.each(escapes)('$what, writes nothing outside and refuses it', async ({ entries }) => {
    const { error, beside } = await extract(tarGz(entries));

    expect(error).toMatchObject({ code: 'ARCHIVE_UNSAFE' });
    expect(beside).toEqual(untouched);
    expect(existsSync('/tmp/llcuda-escaped')).toBe(false);
  });

  const zips: readonly { readonly what: string; readonly members: readonly ZipMember[] }[] = [
    { what: 'an absolute path', members: [{ name: '/tmp/llcuda-escaped', content: text('x') }] },
    { what: 'a path that goes up', members: [{ name: '../escaped', content: text('x') }] },
    { what: 'a backslash', members: [{ name: '..\\escaped', content: text('x') }] },
    { what: 'a link that leaves', members: [{ name: 'l', content: text('../x'), mode: 0o120777 }] },
    { what: 'a device', members: [{ name: 'd', content: text(''), mode: 0o020666 }] },
    { what: 'a pipe', members: [{ name: 'd', content: text(''), mode: 0o010666 }] },
    { what: 'a setuid bit', members: [{ name: 'd', content: text('x'), mode: 0o104755 }] },
    { what: 'a folder with bytes', members: [{ name: 'd/', content: text('x') }] },
    {
      what: 'a name twice',
      members: [
        { name: 'x', content: text('x') },
        { name: 'X', content: text('y') },
      ],
    },
    { what: 'no name', members: [{ name: '', content: text('x') }] },
  ];

  it.each(zips)('$what, a zip, writes nothing outside and refuses it', async ({ members }) => {
    const { error, beside } = await extract(zipBytes(members));

    expect(error).toMatchObject({ code: 'ARCHIVE_UNSAFE' });
    expect(beside).toEqual(untouched);
    expect(existsSync('/tmp/llcuda-escaped')).toBe(false);
  });

  it.each([
    { what: 'a bomb', bytes: tarGz([{ name: 'zeros', content: Buffer.alloc(200_000_000) }]) },
    {
      what: 'a bomb in a zip',
      bytes: zipBytes([{ name: 'zeros', content: Buffer.alloc(200_000_000) }]),
    },
    {
      what: 'a stated size beyond every limit',
      bytes: tarGz([{ name: 'x', content: 'x', claimedBytes: 0o77777777777 * 1 }]),
    },
    {
      what: 'too many entries',
      bytes: tarGz(Array.from({ length: 20_001 }, (_, index) => ({ name: `${index}`, type: '5' }))),
    },
  ])('$what, stops at the limit', async ({ bytes }) => {
    const { error } = await extract(bytes);

    expect(
      LlcudaError.is(error, 'BINARY_TOO_LARGE') || LlcudaError.is(error, 'BINARY_MALFORMED'),
    ).toBe(true);
  });

  it.each([
    { what: 'a wrong checksum', bytes: damaged(tarBytes([{ name: 'x', content: 'x' }]), 3) },
    {
      what: 'its end cut off',
      bytes: tarBytes([{ name: 'x', content: 'y'.repeat(2000) }]).subarray(0, 1500),
    },
    {
      what: 'a stream cut off',
      bytes: tarGz([{ name: 'x', content: 'y'.repeat(9000) }]).subarray(0, 60),
    },
    {
      what: 'a size that lies, in a zip',
      bytes: zipBytes([{ name: 'x', content: Buffer.from('xyz'), claimedBytes: 9 }]),
    },
  ])('$what, reports damage', async ({ bytes }) => {
    const { error, beside } = await extract(bytes);

    expect(error).toMatchObject({ code: 'BINARY_MALFORMED' });
    expect(beside).toEqual(untouched);
  });

  it('nothing in it that is an archive, says so', async () => {
    const { error } = await extract(Buffer.from('hello'));

    expect(error).toMatchObject({ code: 'BINARY_UNSUPPORTED' });
  });

  it.runIf(canMountDisks)('more than the disk takes, reports the full disk', async () => {
    await using disk = await mountSmallDisk(1_000_000);
    await using directory = await createTemporaryDirectory();
    const archive = join(directory.path, 'archive');
    await writeFile(archive, tarGz([{ name: 'x', content: Buffer.alloc(3_000_000, 'ab') }]));

    await expect(extractArchive(archive, disk.path)).rejects.toMatchObject({ code: 'DISK_FULL' });
  });
});

function text(content: string): Buffer {
  return Buffer.from(content);
}

function damaged(bytes: Buffer, offset: number): Buffer {
  bytes.writeUInt8(bytes.readUInt8(offset) ^ 1, offset);
  return bytes;
}

const part = fc.constantFrom('a', 'b', 'lib', 'A', '..', '.', '', 'x.so', '\u00e9', 'l\n');
const path = fc
  .tuple(fc.constantFrom('', '/', './'), fc.array(part, { minLength: 1, maxLength: 4 }))
  .map(([start, parts]) => start + parts.join('/'));
const entry: fc.Arbitrary<TarSpec> = fc.record(
  {
    name: path,
    content: fc.uint8Array({ maxLength: 20 }),
    type: fc.constantFrom('0', '0', '0', '1', '2', '2', '3', '5'),
    mode: fc.constantFrom(0o644, 0o755, 0o4755),
    link: path,
  },
  { requiredKeys: ['name'] },
);

describe('extractArchive, of any archive', () => {
  it('either refuses it or leaves plain files and links inside, and never touches what is beside', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(entry, { maxLength: 5 }), async (entries) => {
        const { error, beside } = await extract(tarBytes(entries), async (folder) => {
          for (const name of await readdir(folder, { recursive: true })) {
            const stats = await lstat(join(folder, name));
            expect(stats.isFile() || stats.isDirectory() || stats.isSymbolicLink()).toBe(true);
            expect(stats.mode & 0o7000).toBe(0);
          }
        });

        expect(error === undefined || LlcudaError.is(error)).toBe(true);
        expect(beside).toEqual(untouched);
      }),
      { numRuns: 200 },
    );
  });

  it('gives every file its bytes', async () => {
    const files = fc.uniqueArray(
      fc.record({
        name: fc.stringMatching(/^[a-z]{1,6}(\/[a-z0-9]{1,6}\.so)?$/),
        content: fc.uint8Array({ maxLength: 3000 }),
      }),
      { selector: ({ name }) => name.split('/')[0], minLength: 1, maxLength: 6 },
    );
    await fc.assert(
      fc.asyncProperty(files, async (entries) => {
        const { error } = await extract(tarGz([...entries].filter(isNoDevice)), async (folder) => {
          for (const { name, content } of entries.filter(isNoDevice)) {
            expect(hash(await readFile(join(folder, name)))).toBe(hash(content));
          }
        });

        expect(error).toBeUndefined();
      }),
      { numRuns: 40 },
    );
  });

  it('survives any damage to the bytes of an archive', async () => {
    const honest = tarBytes([
      { name: 'lib/x', content: 'x'.repeat(600) },
      { name: 'lib/y', type: '2', link: 'x' },
    ]);
    await fc.assert(
      fc.asyncProperty(
        fc.nat({ max: honest.length - 1 }),
        fc.nat({ max: 255 }),
        async (offset, byte) => {
          const bytes = Buffer.from(honest);
          bytes.writeUInt8(byte, offset);

          const { error, beside } = await extract(bytes);

          expect(error === undefined || LlcudaError.is(error)).toBe(true);
          expect(beside).toEqual(untouched);
        },
      ),
      { numRuns: 200 },
    );
  });
});

function isNoDevice({ name }: { readonly name: string }): boolean {
  return !/(^|\/)(con|prn|aux|nul|com\d|lpt\d)(\.|$)/.test(name) && !name.startsWith('con/');
}

function hash(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
