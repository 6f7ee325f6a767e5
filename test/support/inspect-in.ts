import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createNodeHost } from '../../src/host/create-node-host.ts';
import type { Host } from '../../src/host/host.ts';
import { truthFixture } from './cuda-truth.ts';
import { runInProcess, type InProcessResult } from './run-in-process.ts';
import { createTemporaryDirectory, type TemporaryDirectory } from './temporary-directory.ts';

/** A folder with some of the recorded fatbins. */
export async function createTruthFolder(names: readonly string[]): Promise<TemporaryDirectory> {
  const folder = await createTemporaryDirectory();
  for (const name of names) {
    await copyFile(truthFixture(name), join(folder.path, `${name.split('/')[1]}.fatbin`));
  }
  return folder;
}

/** Runs `llcuda inspect` on this machine, in a folder. */
export async function inspectIn(
  workingDirectory: string,
  ...argv: readonly string[]
): Promise<InProcessResult> {
  const host: Host = { ...createNodeHost(), workingDirectory };
  return runInProcess(['inspect', ...argv], { host });
}
