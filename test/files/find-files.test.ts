import { link, mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { expect, test } from 'vitest';
import { findFiles } from '../../src/files/find-files.ts';
import { createTemporaryDirectory } from '../support/temporary-directory.ts';

async function findNames(folder: string): Promise<readonly string[]> {
  return (await findFiles(folder)).map(({ path }) => relative(folder, path));
}

test('finds files below a folder in the same order everywhere', async () => {
  await using directory = await createTemporaryDirectory();
  await mkdir(join(directory.path, 'b', 'c'), { recursive: true });
  for (const name of ['z', 'B', 'a', 'b/y', 'b/c/x', '.hidden']) {
    await writeFile(join(directory.path, name), name);
  }

  const names = await findNames(directory.path);

  expect(names).toEqual(['.hidden', 'B', 'a', 'b/c/x', 'b/y', 'z']);
});

test('ends where symbolic links go round, and lists each file once', async () => {
  await using directory = await createTemporaryDirectory();
  const folder = directory.path;
  await mkdir(join(folder, 'lib'));
  await writeFile(join(folder, 'lib', 'libfoo.so.1.2'), 'code');
  await symlink('libfoo.so.1.2', join(folder, 'lib', 'libfoo.so'));
  await link(join(folder, 'lib', 'libfoo.so.1.2'), join(folder, 'lib', 'libfoo.so.9'));
  await symlink('..', join(folder, 'lib', 'up'));
  await symlink('lib', join(folder, 'again'));
  await symlink('second', join(folder, 'first'));
  await symlink('first', join(folder, 'second'));
  await symlink('nowhere', join(folder, 'dangling'));

  const names = await findNames(folder);

  expect(names).toHaveLength(1);
  expect(names[0]).toMatch(/^lib\/libfoo\.so\.[19]/);
});

test('follows links to files outside, and no links to folders outside', async () => {
  await using outside = await createTemporaryDirectory();
  await using directory = await createTemporaryDirectory();
  await mkdir(join(outside.path, 'folder'));
  await writeFile(join(outside.path, 'folder', 'blob'), 'code');
  await writeFile(join(outside.path, 'folder', 'other'), 'code');
  await symlink(join(outside.path, 'folder', 'blob'), join(directory.path, 'libb.so'));
  await symlink(join(outside.path, 'folder', 'blob'), join(directory.path, 'liba.so'));
  await symlink(join(outside.path, 'folder'), join(directory.path, 'folder'));

  const names = await findNames(directory.path);

  expect(names).toEqual(['liba.so']);
});

test('refuses a folder deeper than the limit', async () => {
  await using directory = await createTemporaryDirectory();
  await mkdir(join(directory.path, ...Array.from({ length: 140 }, () => 'd')), { recursive: true });

  await expect(findFiles(directory.path)).rejects.toMatchObject({
    code: 'BINARY_TOO_LARGE',
    detail: { field: 'folder.depth' },
  });
});

test('throws for a folder that is not there', async () => {
  await using directory = await createTemporaryDirectory();
  const path = join(directory.path, 'gone');
  await mkdir(path);
  await rm(path, { recursive: true });

  await expect(findFiles(path)).rejects.toMatchObject({ code: 'SOURCE_UNREADABLE' });
});

test('stops when the signal fires', async () => {
  await expect(findFiles('/', { signal: AbortSignal.abort() })).rejects.toThrow('abort');
});
