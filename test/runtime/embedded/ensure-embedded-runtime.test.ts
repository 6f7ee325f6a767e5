import { existsSync, writeFileSync } from 'node:fs';
import { readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ensureEmbeddedRuntime } from '../../../src/runtime/embedded/ensure-embedded-runtime.ts';
import type { ProgressEvent } from '../../../src/events/progress-event.ts';
import { createTestHost } from '../../support/embedded.ts';
import {
  canMountDisks,
  createTemporaryDirectory,
  mountSmallDisk,
} from '../../support/temporary-directory.ts';

/** A network without a package registry: nothing listens on port 1, and the cache is empty. */
function withoutNetwork(store: string): Readonly<Record<string, string>> {
  return {
    npm_config_registry: 'http://127.0.0.1:1',
    npm_config_cache: join(store, 'empty-npm-cache'),
  };
}

const ignore = (): void => undefined;

describe('ensureEmbeddedRuntime', () => {
  it('installs once, proves it, and gives the same runtime to everybody', async () => {
    await using store = await createTemporaryDirectory();
    const events: ProgressEvent[] = [];
    const host = createTestHost(store.path);
    const options = { host, onProgress: (event: ProgressEvent) => events.push(event) };

    const [first, second] = await Promise.all([
      ensureEmbeddedRuntime(options),
      ensureEmbeddedRuntime(options),
    ]);

    expect(first).toEqual(second);
    expect(first).toMatchObject({ llamaCpp: expect.stringMatching(/^v?\d/) });
    expect(events.filter(({ type }) => type === 'step')).toHaveLength(1);
    const packages = await readdir(join(first.directory, 'node_modules', '@node-llama-cpp'));
    expect(packages).toHaveLength(1);
    expect(await readdir(join(store.path, 'staging'))).toEqual([]);
  });

  it('replaces a folder that lost its marker, and does not trust it', async () => {
    await using store = await createTemporaryDirectory();
    const options = { host: createTestHost(store.path), onProgress: ignore };
    const { directory } = await ensureEmbeddedRuntime(options);
    await rm(join(directory, 'node_modules'), { recursive: true });
    await writeFile(join(directory, 'llcuda-runtime.json'), '{"schemaVersion":1');

    const again = await ensureEmbeddedRuntime(options);

    expect(existsSync(join(again.directory, 'node_modules', 'node-llama-cpp'))).toBe(true);
  });

  it('keeps nothing when there is no network, and names npm’s own code', async () => {
    await using store = await createTemporaryDirectory();
    const host = createTestHost(store.path, withoutNetwork(store.path));

    await expect(ensureEmbeddedRuntime({ host, onProgress: ignore })).rejects.toMatchObject({
      code: 'RUNTIME_INSTALL_FAILED',
      message: expect.stringContaining('ECONNREFUSED'),
      hint: expect.stringContaining('npm registry'),
    });

    expect(await readdir(join(store.path, 'staging'))).toEqual([]);
    expect(
      (await readdir(join(store.path, 'runtimes'))).filter((name) => !name.startsWith('.')),
    ).toEqual([]);
  });

  it('says so when there is no npm', async () => {
    await using store = await createTemporaryDirectory();
    const host = createTestHost(store.path, { PATH: '/nonexistent' });

    await expect(ensureEmbeddedRuntime({ host, onProgress: ignore })).rejects.toMatchObject({
      code: 'RUNTIME_INSTALL_FAILED',
      message: expect.stringContaining('npm is not installed'),
    });
  });

  it.skipIf(!canMountDisks)('refuses a disk without room before it fetches anything', async () => {
    await using disk = await mountSmallDisk(50_000_000);
    const host = createTestHost(disk.path);

    await expect(ensureEmbeddedRuntime({ host, onProgress: ignore })).rejects.toMatchObject({
      code: 'DISK_FULL',
      detail: { neededBytes: 250_000_000 },
    });
  });

  it.skipIf(!canMountDisks)('keeps nothing when the disk fills up while npm works', async () => {
    await using disk = await mountSmallDisk(300_000_000);
    const host = createTestHost(disk.path);
    const onProgress = (): void =>
      writeFileSync(join(disk.path, 'filler'), Buffer.alloc(280_000_000));

    await expect(ensureEmbeddedRuntime({ host, onProgress })).rejects.toMatchObject({
      code: 'DISK_FULL',
      hint: expect.stringContaining('LLCUDA_HOME'),
    });

    expect(await readdir(join(disk.path, 'staging'))).toEqual([]);
  });

  it('ends on its signal and leaves nothing behind', async () => {
    await using store = await createTemporaryDirectory();
    const controller = new AbortController();
    const onProgress = (): void => void setTimeout(() => controller.abort(), 500);
    const host = createTestHost(store.path);

    await expect(
      ensureEmbeddedRuntime({ host, onProgress, signal: controller.signal }),
    ).rejects.toMatchObject({ name: 'AbortError' });

    expect(await readdir(join(store.path, 'staging'))).toEqual([]);
  });
});
