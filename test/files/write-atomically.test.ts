import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { writeAtomically } from '../../src/files/write-atomically.ts';
import {
  canMountDisks,
  createTemporaryDirectory,
  mountSmallDisk,
} from '../support/temporary-directory.ts';

describe('writeAtomically', () => {
  it('makes the folder and the file', async () => {
    await using directory = await createTemporaryDirectory();
    const path = join(directory.path, 'a', 'b', 'file.json');

    await writeAtomically(path, '{}\n');

    expect(await readFile(path, 'utf8')).toBe('{}\n');
  });

  it('replaces a file and leaves no other file beside it', async () => {
    await using directory = await createTemporaryDirectory();
    const path = join(directory.path, 'file.json');
    await writeFile(path, 'old');

    await writeAtomically(path, 'new');

    expect(await readFile(path, 'utf8')).toBe('new');
    expect(await readdir(directory.path)).toEqual(['file.json']);
  });

  it('shows readers the whole of one version, whatever the moment', async () => {
    await using directory = await createTemporaryDirectory();
    const path = join(directory.path, 'file');
    const versions = ['a', 'b', 'c', 'd'].map((letter) => letter.repeat(200_000));
    await writeAtomically(path, versions[0]!);
    const seen = new Set<string>();
    const done = new AbortController();
    const reading = (async () => {
      while (!done.signal.aborted) seen.add(await readFile(path, 'utf8'));
    })();

    for (const version of [...versions, ...versions]) await writeAtomically(path, version);
    done.abort();
    await reading;

    expect(versions).toEqual(expect.arrayContaining([...seen]));
  });

  it('names a place that is a folder', async () => {
    await using directory = await createTemporaryDirectory();
    const path = join(directory.path, 'file.json');
    await mkdir(path);

    const writing = writeAtomically(path, '{}');

    await expect(writing).rejects.toMatchObject({
      code: 'STORE_NOT_WRITABLE',
      detail: { path, reason: 'EISDIR' },
    });
    expect(await readdir(directory.path)).toEqual(['file.json']);
  });

  it.skipIf(!canMountDisks)('keeps the old file when the disk is full', async () => {
    await using disk = await mountSmallDisk(64 * 1024);
    const path = join(disk.path, 'file');
    await writeFile(path, 'old');

    const writing = writeAtomically(path, 'n'.repeat(200_000));

    await expect(writing).rejects.toMatchObject({ code: 'DISK_FULL' });
    expect(await readFile(path, 'utf8')).toBe('old');
    expect(await readdir(disk.path)).toEqual(['file']);
  });
});
