import { execFileSync } from 'node:child_process';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Host } from '../../../src/host/host.ts';
import { installRuntime } from '../../../src/runtime/server/install-runtime.ts';
import { rollbackRuntime } from '../../../src/runtime/server/use-runtime.ts';
import type { BundleSite } from '../../support/bundle-site.ts';
import { activeVersion, createInstallSite } from '../../support/install-site.ts';
import { gpuHost } from '../../support/gpu-host.ts';
import { builtModule, startScript } from '../../support/run-script.ts';
import { createRuntimeFolder } from '../../support/runtime-folder.ts';
import { serveFolder } from '../../support/serve-folder.ts';
import {
  canMountDisks,
  createTemporaryDirectory,
  mountSmallDisk,
  type TemporaryDirectory,
} from '../../support/temporary-directory.ts';

let site: BundleSite;

beforeAll(async () => {
  site = await createInstallSite();
});

afterAll(async () => site[Symbol.asyncDispose]());

const killScript = `
  const { installRuntime } = await import('${builtModule('runtime/server/install-runtime.js')}');
  const [store, folder, publicKey, step] = process.argv.slice(1).filter((text) => text !== '--');
  process.env.LLCUDA_HOME = store;
  process.env.PATH = store + '/no-gpu:' + process.env.PATH;
  await installRuntime('b6000', {
    gpu: 'off',
    indexes: [{ location: folder, publicKey }],
    onStep: async (done) => {
      console.log(done);
      if (done === step) { console.log('WAITING'); await new Promise(() => setInterval(() => {}, 1000)); }
    },
  });
  console.log('DONE');
`;

describe('installRuntime, killed', () => {
  async function createStore(): Promise<TemporaryDirectory & { readonly host: Host }> {
    const store = await createTemporaryDirectory();
    await using before = await createRuntimeFolder({ build: 5000 });
    const host = gpuHost(store.path);
    await installRuntime(before.path, { host });
    return { ...store, host };
  }

  it.each(['locked', 'downloaded', 'unpacked', 'proven', 'placed', 'activated'])(
    'after the step %s leaves a runtime that runs, and the next one succeeds',
    async (step) => {
      await using store = await createStore();
      await using server = await serveFolder(site.folder);
      await using script = startScript(killScript, [store.path, server.url, site.publicKey, step]);
      await script.waitFor('WAITING');
      script.child.kill('SIGKILL');
      await script.exited;

      const afterKill = await activeVersion(store.host);
      await installRuntime('b6000', {
        host: store.host,
        indexes: [{ location: server.url, publicKey: site.publicKey }],
      });

      expect(afterKill).toBe(step === 'activated' ? '6000' : '5000');
      await expect(activeVersion(store.host)).resolves.toBe('6000');
      await rollbackRuntime({ host: store.host });
      await expect(activeVersion(store.host)).resolves.toBe('5000');
      await expect(readdir(join(store.path, 'staging'))).resolves.toEqual([]);
    },
  );

  it('is not in the way of another one: the second waits and finds it', async () => {
    await using store = await createTemporaryDirectory();
    const host = gpuHost(store.path);
    const options = { host, indexes: [{ location: site.folder, publicKey: site.publicKey }] };

    const both = await Promise.all([
      installRuntime('b6000', options),
      installRuntime('b6000', options),
    ]);

    expect(both.map(({ wasPresent }) => wasPresent).filter(Boolean)).toEqual([true]);
    await expect(activeVersion(host)).resolves.toBe('6000');
  });
});

describe('installRuntime, on a disk', () => {
  it.runIf(canMountDisks)('that is full, leaves what was active before', async () => {
    await using disk = await mountSmallDisk(400_000);
    await using before = await createRuntimeFolder({ build: 5000 });
    await using big = await createRuntimeFolder({ build: 5001 });
    const host = gpuHost(disk.path);
    await installRuntime(before.path, { host });
    await writeFile(join(big.path, 'lib', 'libbig.so'), Buffer.alloc(500_000, 'ab'));

    await expect(installRuntime(big.path, { host })).rejects.toMatchObject({ code: 'DISK_FULL' });

    await expect(activeVersion(host)).resolves.toBe('5000');
    await expect(readdir(join(disk.path, 'staging'))).resolves.toEqual([]);
  });

  it.runIf(canMountDisks)('that is read-only, says so, and lists what is there', async () => {
    await using disk = await mountSmallDisk(2_000_000);
    await using before = await createRuntimeFolder({ build: 5000 });
    const host = gpuHost(disk.path);
    await installRuntime(before.path, { host });
    execFileSync('mount', ['-o', 'remount,ro', disk.path]);

    const installing = installRuntime(site.archives[3], { host });

    await expect(installing).rejects.toMatchObject({ code: 'STORE_NOT_WRITABLE' });
    await expect(activeVersion(host)).resolves.toBe('5000');
  });
});
