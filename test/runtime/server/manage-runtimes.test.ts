import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Host } from '../../../src/host/host.ts';
import { gcRuntimes } from '../../../src/runtime/server/gc-runtimes.ts';
import { installRuntime } from '../../../src/runtime/server/install-runtime.ts';
import { listRuntimes } from '../../../src/runtime/server/list-runtimes.ts';
import { removeRuntime } from '../../../src/runtime/server/remove-runtime.ts';
import { rollbackRuntime, useRuntime } from '../../../src/runtime/server/use-runtime.ts';
import type { BundleSite } from '../../support/bundle-site.ts';
import { createInstallSite, t4 } from '../../support/install-site.ts';
import { gpuHost } from '../../support/gpu-host.ts';
import { runInProcess } from '../../support/run-in-process.ts';
import { serveFolder } from '../../support/serve-folder.ts';
import { createTemporaryDirectory } from '../../support/temporary-directory.ts';

let site: BundleSite;

beforeAll(async () => {
  site = await createInstallSite();
});

afterAll(async () => site[Symbol.asyncDispose]());

describe('several runtimes', () => {
  async function installThree(): Promise<
    { host: Host; names: readonly string[] } & AsyncDisposable
  > {
    const store = await createTemporaryDirectory();
    const host = gpuHost(store.path, [t4]);
    const names: string[] = [];
    for (const spec of ['b6001', 'b6002']) {
      const indexes = [{ location: site.folder, publicKey: site.publicKey }];
      names.push((await installRuntime(spec, { host, indexes })).runtime.name);
    }
    names.push((await installRuntime(site.archives[3], { host, gpu: 'off' })).runtime.name);
    return { host, names, [Symbol.asyncDispose]: async () => store[Symbol.asyncDispose]() };
  }

  it('are switched between, back and forth', async () => {
    await using runtimes = await installThree();
    const { host } = runtimes;
    const states = async (): Promise<readonly unknown[]> =>
      (await listRuntimes({ host })).map((runtime) =>
        runtime.kind === 'server' ? [runtime.llamaCpp.version, runtime.state] : [],
      );

    const installed = await states();
    await rollbackRuntime({ host });
    const back = await states();
    await rollbackRuntime({ host });
    await useRuntime('b6001', { host });
    const used = await states();

    expect(installed).toEqual([
      ['b6000', 'active'],
      ['b6002', 'previous'],
      ['b6001', 'installed'],
    ]);
    expect(back.slice(0, 2)).toEqual([
      ['b6002', 'active'],
      ['b6000', 'previous'],
    ]);
    expect(used[0]).toEqual(['b6001', 'active']);
    await expect(useRuntime('b600', { host })).rejects.toMatchObject({ code: 'RUNTIME_NOT_FOUND' });
  });

  it('are removed by gc when they are neither active nor previous', async () => {
    await using runtimes = await installThree();
    const { host, names } = runtimes;

    const dry = await gcRuntimes({ host, isDryRun: true });
    const before = await listRuntimes({ host });
    const { removed } = await gcRuntimes({ host });

    expect(dry.removed).toEqual(removed);
    expect(before).toHaveLength(3);
    expect(removed.map(({ name }) => name)).toEqual([names[0]]);
    await expect(listRuntimes({ host })).resolves.toHaveLength(2);
  });

  it('are not removed while they are active, or while a process runs from them', async () => {
    await using runtimes = await installThree();
    const { host, names } = runtimes;
    const [first = '', , active = ''] = names;
    const directory = (await listRuntimes({ host })).find(({ name }) => name === first)?.directory;
    const child = spawn(join(directory ?? '', 'bin', 'llama-server'), ['--sleep']);
    await once(child.stdout, 'data');

    await expect(removeRuntime(active, { host })).rejects.toMatchObject({ code: 'RUNTIME_IN_USE' });
    await expect(removeRuntime(first, { host })).rejects.toMatchObject({
      code: 'RUNTIME_IN_USE',
      detail: { processes: [child.pid] },
    });
    await expect(gcRuntimes({ host })).resolves.toMatchObject({ removed: [], inUse: [first] });

    child.kill('SIGKILL');
    await once(child, 'close');
    await removeRuntime(first, { host });
    await expect(listRuntimes({ host })).resolves.toHaveLength(2);
  });
});

describe('llcuda install', () => {
  it('prints a table of the candidates with --dry-run, and downloads nothing', async () => {
    await using store = await createTemporaryDirectory();
    await using server = await serveFolder(site.folder);
    const host = gpuHost(store.path, [t4]);
    const argv = ['install', '--dry-run', '--index', server.url, '--public-key', site.publicKey];

    const { exitCode, stdout } = await runInProcess(argv, { host });

    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^b6001-linux-x64-cuda\S* +\S+ kB +native$/m);
    expect(stdout).toContain('Holds machine code (sm_75) that runs on Tesla T4');
    expect(server.requests.map(({ url }) => url)).toEqual(['/index.json', '/index.json.sig']);
    expect(existsSync(join(store.path, 'runtimes'))).toBe(false);
  });

  it('tells which bundle another machine would get', async () => {
    await using store = await createTemporaryDirectory();
    const host = gpuHost(store.path);
    const argv = ['install', '--index', site.folder, '--for', 'h100,driver=580.82.07'];

    const judged = await runInProcess([...argv, '--dry-run', '--json'], { host });
    const refused = await runInProcess(argv, { host });

    expect(JSON.parse(judged.stdout)).toMatchObject({
      candidates: [{ file: 'hopper.tar.gz' }, {}, {}, {}],
    });
    expect(refused.exitCode).toBe(2);
  });

  it('ends --dry-run with 1 and the reasons when none runs', async () => {
    await using store = await createTemporaryDirectory();
    const host = gpuHost(store.path, ['Tesla V100-SXM2-16GB, 550.54.15, 7.0']);

    const { exitCode, stdout } = await runInProcess(
      ['install', '--dry-run', '--index', site.folder],
      { host },
    );

    expect(exitCode).toBe(1);
    expect(stdout).toContain('None of them runs here.');
    expect(stdout.replaceAll(/\s+/g, ' ')).toContain('The GPU code has nothing for Tesla V100');
  });

  it('installs, lists, goes back, removes and collects', async () => {
    await using store = await createTemporaryDirectory();
    const host = gpuHost(store.path, [t4]);
    const run = async (...argv: string[]): ReturnType<typeof runInProcess> =>
      runInProcess(argv, { host });

    const first = await run('install', 'b6001', '--index', site.folder);
    const second = await run('install', 'b6002', '--index', site.folder, '--json');
    const list = await run('runtimes');
    const rollback = await run('rollback');
    const use = await run('use', 'b6002');
    const gc = await run('gc', '--dry-run');
    const remove = await run('remove', 'b6001');

    expect(
      [first, second, list, rollback, use, gc, remove].map(({ exitCode }) => exitCode),
    ).toEqual([0, 0, 0, 0, 0, 0, 0]);
    expect(first.stdout).toContain('is active');
    expect(JSON.parse(second.stdout)).toMatchObject({
      runtime: { llamaCpp: { version: 'b6002' } },
    });
    expect(list.stdout).toMatch(/^b6002\S+ +active +cuda/m);
    expect(list.stdout).toMatch(/^b6001\S+ +previous/m);
    expect(rollback.stdout).toMatch(/^b6001\S+ is active$/m);
    expect(gc.stdout).toBe('There is nothing to remove.\n');
    expect(remove.stdout).toMatch(/^b6001\S+ is removed$/m);
  });
});
