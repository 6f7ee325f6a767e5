import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir, open, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { detectArchive } from '../../src/archive/detect-archive.ts';
import { listArchiveMembers } from '../../src/archive/list-archive-members.ts';
import type { ListMembersOptions } from '../../src/archive/list-zip-members.ts';
import type { ByteSource } from '../../src/bytes/byte-source.ts';
import { createBufferSource } from '../../src/bytes/create-buffer-source.ts';
import { describeError } from '../../src/errors/describe-error.ts';
import { readGpuCode } from '../../src/fatbin/read-gpu-code.ts';
import { openFileSource } from '../../src/files/open-file-source.ts';
import { libraryBytes } from '../support/library-bytes.ts';
import { createTemporaryDirectory } from '../support/temporary-directory.ts';

const small = libraryBytes();
/** Above 32 MiB, so that it is not kept whole. */
const large = libraryBytes({ fatbinCount: 18, payloadBytes: 1 << 20 });
const longName = `${'deep/'.repeat(30)}libverylongname${'g'.repeat(90)}.so`;

async function listAll(
  source: ByteSource,
  options: ListMembersOptions = {},
): Promise<Record<string, number | string>> {
  const head = await source.read(0, Math.min(4096, source.sizeBytes));
  const format = detectArchive(head);
  if (format === undefined) throw new Error('no archive');
  const found: [string, number | string][] = [];
  for await (const member of listArchiveMembers(source, format, options)) {
    if (member.source === undefined) {
      found.push([member.name, describeError(member.error).code]);
      continue;
    }
    const code = await readGpuCode(member.source).catch((error: unknown) => error);
    const value =
      code instanceof Error
        ? describeError(code).code
        : (code as Awaited<ReturnType<typeof readGpuCode>>).fatbins.length;
    found.push([member.name, value]);
  }
  return Object.fromEntries(found);
}

async function listFile(
  path: string,
  options: ListMembersOptions = {},
): Promise<Record<string, number | string>> {
  await using source = await openFileSource(path);
  return await listAll(source, options);
}

/** A tree with binaries, text, links and a long name, to be archived by the system's tools. */
async function writeTree(folder: string): Promise<void> {
  await mkdir(join(folder, 'pkg', longName, '..'), { recursive: true });
  await writeFile(join(folder, 'pkg', 'README.md'), 'text');
  await writeFile(join(folder, 'pkg', 'empty'), '');
  await writeFile(join(folder, 'pkg', 'libsmall.so'), small);
  await writeFile(join(folder, 'pkg', 'liblarge.so'), large);
  await writeFile(join(folder, 'pkg', longName), small);
  execFileSync('ln', ['-s', 'libsmall.so', join(folder, 'pkg', 'liblink.so')]);
}

const expected = { 'pkg/libsmall.so': 3, 'pkg/liblarge.so': 18, [`pkg/${longName}`]: 3 };

function tarHeader(name: string, sizeBytes: number): Buffer {
  const header = Buffer.alloc(512);
  header.write(name, 0);
  header.write(sizeBytes.toString(8).padStart(12, '0'), 124);
  header.write('0', 156);
  header.write('ustar\0', 257);
  header.write('00', 263);
  header.fill(' ', 148, 156);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return header;
}

const tarWriters = [
  ['GNU', ['--format=gnu']],
  ['pax', ['--format=pax']],
  ['pax with global attributes', ['--format=pax', '--pax-option=globexthdr.name=g,comment=hello']],
] as const;

test.each(tarWriters)('lists the binaries of a tar of the %s kind', async (_name, flags) => {
  await using directory = await createTemporaryDirectory();
  await writeTree(directory.path);
  for (const [name, compression] of [
    ['a.tar', []],
    ['a.tgz', ['-z']],
    ['a.tar.zst', ['--zstd']],
  ] as const) {
    const path = join(directory.path, name);
    execFileSync('tar', [...flags, ...compression, '-C', directory.path, '-cf', path, 'pkg']);

    expect(await listFile(path)).toEqual(expected);
  }
});

test('lists the binaries of zip archives, deflated and stored', async () => {
  await using directory = await createTemporaryDirectory();
  await writeTree(directory.path);
  for (const level of ['-0', '-6']) {
    const path = join(directory.path, `a${level}.zip`);
    execFileSync('zip', ['-q', '-r', '-y', level, path, 'pkg'], { cwd: directory.path });

    expect(await listFile(path)).toEqual(expected);
  }
});

test('lists the binaries of a zip64', async () => {
  await using directory = await createTemporaryDirectory();
  await writeTree(directory.path);
  const path = join(directory.path, 'a.zip');
  const script = `
import sys, zipfile
with zipfile.ZipFile(sys.argv[1], 'w', zipfile.ZIP_DEFLATED) as z:
    with z.open('libsmall.so', 'w', force_zip64=True) as f: f.write(open(sys.argv[2], 'rb').read())
    for index in range(66000): z.writestr(f'text/{index}', '')
`;
  execFileSync('python3', ['-c', script, path, join(directory.path, 'pkg', 'libsmall.so')]);

  expect(await listFile(path)).toEqual({ 'libsmall.so': 3 });
});

test('lists the binaries of a conda package: a zip with a tar.zst', async () => {
  await using directory = await createTemporaryDirectory();
  await writeTree(directory.path);
  const cwd = directory.path;
  execFileSync('tar', ['--zstd', '-cf', 'pkg-name-1.tar.zst', 'pkg'], { cwd });
  execFileSync('tar', ['--zstd', '-cf', 'info-name-1.tar.zst', 'pkg/README.md'], { cwd });
  await writeFile(join(cwd, 'metadata.json'), '{}');
  const members = ['metadata.json', 'pkg-name-1.tar.zst', 'info-name-1.tar.zst'];
  execFileSync('zip', ['-q', '-0', 'name.conda', ...members], { cwd });

  const found = await listFile(join(cwd, 'name.conda'));

  expect(found).toEqual(
    Object.fromEntries(
      Object.entries(expected).map(([name, count]) => [`pkg-name-1.tar.zst!/${name}`, count]),
    ),
  );
});

test('names a sparse member instead of reading it wrongly', async () => {
  await using directory = await createTemporaryDirectory();
  const cwd = directory.path;
  const file = await open(join(cwd, 'libhole.so'), 'w');
  await file.write(small);
  await file.truncate(10 * 2 ** 30);
  await file.close();
  await writeFile(join(cwd, 'libsmall.so'), small);
  for (const format of ['gnu', 'pax']) {
    for (const name of ['a.tar', 'a.tgz']) {
      const flags = [`--format=${format}`, '-S', '-a', '-cf', name];
      execFileSync('tar', [...flags, 'libhole.so', 'libsmall.so'], { cwd });

      const found = Object.entries(await listFile(join(cwd, name)));

      expect(found.map(([, value]) => value)).toEqual(['BINARY_UNSUPPORTED', 3]);
    }
  }
});

test('ends a tar.gz with 10 GB of zeros in bounded time', async () => {
  const zeros = gzipSync(Buffer.alloc(64 << 20));
  const header = gzipSync(tarHeader('hole', 10 * 2 ** 30));
  const bomb = Buffer.concat([header, ...Array.from({ length: 160 }, () => zeros)]);
  const start = performance.now();

  await expect(listAll(createBufferSource(bomb))).rejects.toMatchObject({
    code: 'BINARY_TOO_LARGE',
    detail: { field: 'archive.inflatedBytes' },
  });

  expect(performance.now() - start).toBeLessThan(30_000);
});

test('refuses a header that claims 10 GB which are not there', async () => {
  const header = tarHeader('libhuge.so', 10 * 2 ** 30);
  const archive = Buffer.concat([header, small.subarray(0, 512)]);

  for (const bytes of [archive, gzipSync(archive)]) {
    await expect(listAll(createBufferSource(bytes))).rejects.toMatchObject({
      code: 'BINARY_MALFORMED',
    });
  }
});

test('refuses a tar whose header has another checksum', async () => {
  const header = tarHeader('liba.so', small.length);
  header.write('b', 3);

  await expect(listAll(createBufferSource(Buffer.concat([header, small])))).rejects.toMatchObject({
    code: 'BINARY_MALFORMED',
    detail: { field: 'tar.header', offset: 0 },
  });
});

test('gives a typed error for archives cut off at any place', async () => {
  await using directory = await createTemporaryDirectory();
  const cwd = directory.path;
  await mkdir(join(cwd, 'pkg'));
  await writeFile(join(cwd, 'pkg', 'liba.so'), libraryBytes({ payloadBytes: 5000 }));
  await writeFile(join(cwd, 'pkg', 'noise'), randomBytes(20_000));
  await writeFile(join(cwd, 'pkg', 'libb.so'), libraryBytes({ payloadBytes: 5000 }));
  execFileSync('tar', ['-cf', 'a.tar', 'pkg'], { cwd });
  execFileSync('tar', ['-czf', 'a.tgz', 'pkg'], { cwd });
  execFileSync('tar', ['--zstd', '-cf', 'a.tar.zst', 'pkg'], { cwd });
  execFileSync('zip', ['-q', '-r', 'a.zip', 'pkg'], { cwd });
  execFileSync('zip', ['-q', '-0', '-r', 'stored.zip', 'pkg'], { cwd });
  const archives = (await readdir(cwd)).filter((name) => /\.(?:tar|tgz|zst|zip)$/.test(name));
  const codes = new Set<string>();

  for (const name of archives) {
    const whole = await readFile(join(cwd, name));
    for (let part = 1; part < 64; part += 1) {
      const bytes = whole.subarray(0, Math.floor((whole.length * part) / 64));
      const error = await listAll(createBufferSource(bytes)).catch((caught: unknown) => caught);
      if (error instanceof Error) codes.add(describeError(error).code);
    }
  }

  expect(archives).toHaveLength(5);
  expect([...codes]).toEqual(['BINARY_MALFORMED']);
});

test('gives a result or a typed error for archives with bytes changed', async () => {
  await using directory = await createTemporaryDirectory();
  const cwd = directory.path;
  await mkdir(join(cwd, 'pkg'));
  await writeFile(join(cwd, 'pkg', 'liba.so'), libraryBytes({ payloadBytes: 500 }));
  execFileSync('tar', ['--format=pax', '-cf', 'a.tar', 'pkg'], { cwd });
  execFileSync('tar', ['-czf', 'a.tgz', 'pkg'], { cwd });
  execFileSync('zip', ['-q', '-r', 'a.zip', 'pkg'], { cwd });
  const codes = new Set<string>();
  let state = 12_345;
  const next = (limit: number): number => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return state % limit;
  };

  for (const name of ['a.tar', 'a.tgz', 'a.zip']) {
    const whole = await readFile(join(cwd, name));
    for (let round = 0; round < 400; round += 1) {
      const bytes = new Uint8Array(whole);
      for (let change = next(4); change >= 0; change -= 1) bytes[next(bytes.length)] = next(256);
      const error = await listAll(createBufferSource(bytes)).catch((caught: unknown) => caught);
      if (error instanceof Error && error.message !== 'no archive') {
        codes.add(describeError(error).code);
      }
    }
  }

  const typed = new Set(['BINARY_MALFORMED', 'BINARY_UNSUPPORTED', 'BINARY_TOO_LARGE']);
  expect([...codes].filter((code) => !typed.has(code))).toEqual([]);
});

test.each([
  ['smaller', -1000],
  ['larger', 1000],
])('names a zip member whose size is said to be %s than it is', async (_name, difference) => {
  await using directory = await createTemporaryDirectory();
  const path = join(directory.path, 'a.zip');
  await writeFile(join(directory.path, 'liba.so'), small);
  execFileSync('zip', ['-q', 'a.zip', 'liba.so'], { cwd: directory.path });
  const bytes = await readFile(path);
  const directoryAt = bytes.indexOf(Buffer.from([0x50, 0x4b, 1, 2]));
  bytes.writeUInt32LE(small.length + difference, directoryAt + 24);

  expect(await listAll(createBufferSource(bytes))).toEqual({ 'liba.so': 'BINARY_MALFORMED' });
});

test('names an encrypted member of a zip', async () => {
  await using directory = await createTemporaryDirectory();
  await writeFile(join(directory.path, 'liba.so'), small);
  const cwd = directory.path;
  execFileSync('zip', ['-q', '-P', 'secret', 'a.zip', 'liba.so'], { cwd });

  expect(await listFile(join(cwd, 'a.zip'))).toEqual({ 'liba.so': 'BINARY_UNSUPPORTED' });
});

test('refuses to stream what lies on a server', async () => {
  await using directory = await createTemporaryDirectory();
  const cwd = directory.path;
  await writeFile(join(cwd, 'liba.so'), small);
  await writeFile(join(cwd, 'notes.txt'), 'text');
  execFileSync('tar', ['-czf', 'a.tgz', 'liba.so'], { cwd });
  execFileSync('zip', ['-q', 'a.zip', 'liba.so', 'notes.txt'], { cwd });
  const options = { remoteUrl: 'https://example.com/a' };

  await expect(listFile(join(cwd, 'a.tgz'), options)).rejects.toMatchObject({
    code: 'RANGE_UNSUPPORTED',
    hint: expect.stringContaining('--download'),
  });
  expect(await listFile(join(cwd, 'a.zip'), options)).toEqual({ 'liba.so': 3 });
});
