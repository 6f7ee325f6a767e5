import { execFileSync } from 'node:child_process';
import { stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ensureDirectory } from '../../src/files/ensure-directory.ts';
import {
  canMountDisks,
  createTemporaryDirectory,
  mountSmallDisk,
} from '../support/temporary-directory.ts';

describe('ensureDirectory', () => {
  it('makes a folder and its parents, and accepts one that is there', async () => {
    await using directory = await createTemporaryDirectory();
    const path = join(directory.path, 'a', 'b');

    await ensureDirectory(path);
    await ensureDirectory(path);

    expect((await stat(path)).isDirectory()).toBe(true);
  });

  it.each([
    ['a file', 'file'],
    ['below a file', 'file/below'],
    ['below a link to itself', 'loop/below'],
    ['with a name that no disk takes', 'long'.repeat(100)],
  ])('names a place that is %s', async (_what, name) => {
    await using directory = await createTemporaryDirectory();
    await writeFile(join(directory.path, 'file'), '');
    await symlink('loop', join(directory.path, 'loop'));
    const path = join(directory.path, name);

    const making = ensureDirectory(path);

    await expect(making).rejects.toMatchObject({ code: 'STORE_NOT_WRITABLE', detail: { path } });
  });

  it.skipIf(!canMountDisks)('names a place on a disk that is read-only', async () => {
    await using disk = await mountSmallDisk(1 << 20);
    execFileSync('mount', ['-o', 'remount,ro', disk.path]);
    const path = join(disk.path, 'a', 'b');

    const making = ensureDirectory(path);

    await expect(making).rejects.toMatchObject({ code: 'STORE_NOT_WRITABLE', detail: { path } });
  });
});
