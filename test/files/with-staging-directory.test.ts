import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { withStagingDirectory } from '../../src/files/with-staging-directory.ts';
import { createTemporaryDirectory } from '../support/temporary-directory.ts';

describe('withStagingDirectory', () => {
  it('gives an empty folder of its own and removes it afterwards', async () => {
    await using directory = await createTemporaryDirectory();
    const parent = join(directory.path, 'below', 'staging');

    const seen = await withStagingDirectory(parent, 'wheel', async (path) => {
      const names = await readdir(path);
      await writeFile(join(path, 'file'), 'content');
      return { parent: dirname(path), names };
    });

    expect(seen).toEqual({ parent, names: [] });
    expect(await readdir(parent)).toEqual([]);
  });

  it('removes the folder and passes the error on when the work fails', async () => {
    await using directory = await createTemporaryDirectory();
    const failure = new Error('the work failed');

    const working = withStagingDirectory(directory.path, 'wheel', async (path) => {
      await writeFile(join(path, 'file'), 'content');
      throw failure;
    });

    await expect(working).rejects.toBe(failure);
    expect(await readdir(directory.path)).toEqual([]);
  });

  it('removes what killed processes left under the prefix, and nothing else', async () => {
    await using directory = await createTemporaryDirectory();
    await mkdir(join(directory.path, 'wheel-left', 'deep'), { recursive: true });
    await writeFile(join(directory.path, 'wheel-left', 'deep', 'file'), 'content');
    await mkdir(join(directory.path, 'wheelwright'));
    await mkdir(join(directory.path, 'npm-left'));

    const during = await withStagingDirectory(directory.path, 'wheel', async () =>
      readdir(directory.path),
    );

    expect(during).not.toContain('wheel-left');
    expect(await readdir(directory.path)).toEqual(['npm-left', 'wheelwright']);
  });

  it('names a folder that cannot be made', async () => {
    await using directory = await createTemporaryDirectory();
    const file = join(directory.path, 'file');
    await writeFile(file, '');

    const working = withStagingDirectory(join(file, 'staging'), 'wheel', async () => 'done');

    await expect(working).rejects.toMatchObject({
      code: 'STORE_NOT_WRITABLE',
      detail: { reason: 'ENOTDIR' },
    });
  });
});
