import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findFileSize } from '../../src/files/find-file-size.ts';
import { createTemporaryDirectory } from '../support/temporary-directory.ts';

describe('findFileSize', () => {
  it('gives the size of a file, also through a link', async () => {
    await using directory = await createTemporaryDirectory();
    const [file, empty, link] = ['file', 'empty', 'link'].map((name) => join(directory.path, name));
    await writeFile(file!, 'twelve bytes');
    await writeFile(empty!, '');
    await symlink(file!, link!);

    const sizes = await Promise.all([file!, empty!, link!].map(findFileSize));

    expect(sizes).toEqual([12, 0, 12]);
  });

  it('gives nothing for what is no file', async () => {
    await using directory = await createTemporaryDirectory();
    const [file, folder, broken] = ['file', 'folder', 'broken'].map((name) =>
      join(directory.path, name),
    );
    await writeFile(file!, '');
    await mkdir(folder!);
    await symlink('/nowhere/at/all', broken!);

    const sizes = await Promise.all(
      [folder!, broken!, join(file!, 'below'), join(folder!, 'missing')].map(findFileSize),
    );

    expect(sizes).toEqual([undefined, undefined, undefined, undefined]);
  });
});
