import { execFileSync } from 'node:child_process';
import { appendFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openFileSource } from '../../src/files/open-file-source.ts';
import { createTemporaryDirectory } from '../support/temporary-directory.ts';

const content = Buffer.from(Array.from({ length: 100_000 }, (_, index) => index % 251));

test('gives any range of a file, small and large', async () => {
  await using directory = await createTemporaryDirectory();
  const path = join(directory.path, 'file');
  await writeFile(path, content);
  await using source = await openFileSource(path);

  const ranges = [
    [0, 0],
    [0, 1],
    [99_999, 1],
    [500, 512],
    [0, 100_000],
    [100_000, 0],
  ] as const;

  expect(source.sizeBytes).toBe(100_000);
  for (const [offset, length] of ranges) {
    const bytes = await source.read(offset, length);
    expect(Buffer.from(bytes).equals(content.subarray(offset, offset + length))).toBe(true);
  }
});

test('refuses a range that is not within the file', async () => {
  await using directory = await createTemporaryDirectory();
  const path = join(directory.path, 'file');
  await writeFile(path, content);
  await using source = await openFileSource(path);

  for (const [offset, length] of [
    [99_999, 2],
    [-1, 1],
    [0, -1],
    [0.5, 1],
    [Number.NaN, 1],
    [2 ** 60, 1],
  ] as const) {
    await expect(source.read(offset, length)).rejects.toMatchObject({ code: 'BINARY_MALFORMED' });
  }
});

test('says that a file shrank while it was read', async () => {
  await using directory = await createTemporaryDirectory();
  const path = join(directory.path, 'file');
  await writeFile(path, content);
  await using source = await openFileSource(path);

  await truncate(path, 64_000);

  expect((await source.read(0, 64_000)).length).toBe(64_000);
  await expect(source.read(63_999, 2)).rejects.toMatchObject({ code: 'SOURCE_CHANGED' });
  await expect(source.read(0, 100_000)).rejects.toMatchObject({ code: 'SOURCE_CHANGED' });
});

test('says that a file was written to since it was opened', async () => {
  await using directory = await createTemporaryDirectory();
  const path = join(directory.path, 'file');
  await writeFile(path, content);
  await using source = await openFileSource(path);

  await source.checkUnchanged();
  await appendFile(path, 'more');

  await expect(source.checkUnchanged()).rejects.toMatchObject({ code: 'SOURCE_CHANGED' });
});

test('names what it cannot open', async () => {
  await using directory = await createTemporaryDirectory();

  for (const path of [join(directory.path, 'absent'), directory.path, '/dev/null']) {
    await expect(openFileSource(path)).rejects.toMatchObject({
      code: 'SOURCE_UNREADABLE',
      detail: { source: path },
    });
  }
});

test.runIf(process.platform !== 'win32')('does not wait for the writer of a pipe', async () => {
  await using directory = await createTemporaryDirectory();
  const path = join(directory.path, 'pipe');
  execFileSync('mkfifo', [path]);

  await expect(openFileSource(path)).rejects.toMatchObject({ code: 'SOURCE_UNREADABLE' });
});

test('can be closed twice', async () => {
  await using directory = await createTemporaryDirectory();
  const path = join(directory.path, 'file');
  await writeFile(path, content);
  const source = await openFileSource(path);

  await source[Symbol.asyncDispose]();

  await expect(source[Symbol.asyncDispose]()).resolves.toBeUndefined();
});
