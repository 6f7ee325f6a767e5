import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface TemporaryDirectory extends AsyncDisposable {
  readonly path: string;
}

/** A fresh folder that is gone when it leaves its scope. */
export async function createTemporaryDirectory(): Promise<TemporaryDirectory> {
  const path = await mkdtemp(join(tmpdir(), 'llcuda-test-'));
  return {
    path,
    [Symbol.asyncDispose]: async () => rm(path, { recursive: true, force: true, maxRetries: 3 }),
  };
}

/** A small disk of its own, to be filled: a tmpfs, which only root may mount. */
export async function mountSmallDisk(sizeBytes: number): Promise<TemporaryDirectory> {
  const directory = await createTemporaryDirectory();
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${sizeBytes}`, 'tmpfs', directory.path]);
  return {
    path: directory.path,
    [Symbol.asyncDispose]: async () => {
      execFileSync('umount', ['-l', directory.path]);
      await directory[Symbol.asyncDispose]();
    },
  };
}

/** Whether `mountSmallDisk` can work here. */
export const canMountDisks: boolean = process.platform === 'linux' && process.getuid?.() === 0;
