import { describe, expect, it } from 'vitest';
import { checkFreeSpace } from '../../src/files/check-free-space.ts';
import {
  canMountDisks,
  createTemporaryDirectory,
  mountSmallDisk,
} from '../support/temporary-directory.ts';

describe('checkFreeSpace', () => {
  it('accepts what fits', async () => {
    await using directory = await createTemporaryDirectory();

    const checking = checkFreeSpace(directory.path, 1);

    await expect(checking).resolves.toBeUndefined();
  });

  it('names what is needed and what is free when it does not fit', async () => {
    await using directory = await createTemporaryDirectory();

    const checking = checkFreeSpace(directory.path, 1e18);

    await expect(checking).rejects.toMatchObject({
      code: 'DISK_FULL',
      message: expect.stringMatching(/^1000000 TB are needed in .+ are free$/),
      detail: {
        path: directory.path,
        neededBytes: 1e18,
        freeBytes: expect.any(Number) as unknown,
      },
    });
  });

  it.skipIf(!canMountDisks)('looks at the disk of the folder, to the byte', async () => {
    await using disk = await mountSmallDisk(1 << 20);

    const fitting = checkFreeSpace(disk.path, 1 << 20);
    const tooLarge = checkFreeSpace(disk.path, (1 << 20) + 1);

    await expect(fitting).resolves.toBeUndefined();
    await expect(tooLarge).rejects.toMatchObject({ detail: { freeBytes: 1 << 20 } });
  });
});
