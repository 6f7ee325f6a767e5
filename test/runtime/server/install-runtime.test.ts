import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { cp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Host } from '../../../src/host/host.ts';
import { signIndex } from '../../../src/runtime/index/sign-index.ts';
import { gcRuntimes } from '../../../src/runtime/server/gc-runtimes.ts';
import { installRuntime, previewInstall } from '../../../src/runtime/server/install-runtime.ts';
import type { InstallStep } from '../../../src/runtime/server/install-step.ts';
import { listRuntimes } from '../../../src/runtime/server/list-runtimes.ts';
import { removeRuntime } from '../../../src/runtime/server/remove-runtime.ts';
import { rollbackRuntime, useRuntime } from '../../../src/runtime/server/use-runtime.ts';
import { createBundleSite, type BundleSite } from '../../support/bundle-site.ts';
import { gpuHost } from '../../support/gpu-host.ts';
import { runInProcess } from '../../support/run-in-process.ts';
import { builtModule, startScript } from '../../support/run-script.ts';
import { createRuntimeFolder, gpuCode, writeRuntime } from '../../support/runtime-folder.ts';
import { serveFolder } from '../../support/serve-folder.ts';
import {
  canMountDisks,
  createTemporaryDirectory,
  mountSmallDisk,
  type TemporaryDirectory,
} from '../../support/temporary-directory.ts';

const t4 = 'Tesla T4, 550.54.15, 7.5';

/** Bundles for a T4 by machine code, for others by PTX, and for the processor; all are only read by the tests. */
let site: BundleSite;

beforeAll(async () => {
  site = await createBundleSite({
    jit: { build: 6002, fatbins: [gpuCode([80], 75)] },
    native: { build: 6001, fatbins: [gpuCode([75, 80])] },
    hopper: { build: 6003, fatbins: [gpuCode([90])] },
    cpu: { build: 6000 },
  });
});

afterAll(async () => site[Symbol.asyncDispose]());

/** What `llama-server --version` of the active runtime says. */
async function activeVersion(host: Host): Promise<string | undefined> {
  const active = (await listRuntimes({ host })).find(
    (runtime) => runtime.kind === 'server' && runtime.state === 'active',
  );
  if (active === undefined) return undefined;
  const program = join(active.directory, 'bin', 'llama-server');
  const line = execFileSync('sh', ['-c', `"${program}" --version 2>&1`], { encoding: 'utf8' });
  return /version: (\d+)/.exec(line)?.[1];
}

describe('installRuntime, from an index', () => {
  it.each(['a server', 'a folder'])(
    'installs the best bundle for the GPU from %s',
    async (place) => {
      await using store = await createTemporaryDirectory();
      await using server = await serveFolder(site.folder);
      const host = gpuHost(store.path, [t4]);
      const location = place === 'a folder' ? site.folder : server.url;
      const steps: InstallStep[] = [];

      const { runtime, plan, previous } = await installRuntime(undefined, {
        host,
        indexes: [{ location, publicKey: site.publicKey }],
        onStep: (step) => void steps.push(step),
      });

      expect(runtime).toMatchObject({ llamaCpp: { version: 'b6001' }, devices: ['Tesla T4'] });
      expect(plan?.ranked.map(({ bundle, outcome }) => [bundle.file, outcome])).toEqual([
        ['native.tar.gz', 'native'],
        ['jit.tar.gz', 'jit'],
        ['hopper.tar.gz', 'fail'],
        ['cpu.tar.gz', 'fail'],
      ]);
      expect(previous).toBeUndefined();
      expect(steps).toEqual(['locked', 'downloaded', 'unpacked', 'proven', 'placed', 'activated']);
      await expect(activeVersion(host)).resolves.toBe('6001');
      await expect(readdir(join(store.path, 'staging'))).resolves.toEqual([]);
    },
  );

  it.each([
    { spec: 'b6002', gpus: [t4], version: '6002' },
    { spec: 'jit.tar.gz', gpus: [t4], version: '6002' },
    { spec: undefined, gpus: ['H100, 580.82.07, 9.0'], version: '6003' },
    { spec: undefined, gpus: [], version: '6000' },
  ])('installs $version for $spec on $gpus', async ({ spec, gpus, version }) => {
    await using store = await createTemporaryDirectory();
    const host = gpuHost(store.path, gpus);

    await installRuntime(spec, {
      host,
      indexes: [{ location: site.folder, publicKey: site.publicKey }],
    });

    await expect(activeVersion(host)).resolves.toBe(version);
  });

  it('never takes the processor where there is a GPU, unless it is asked to', async () => {
    await using store = await createTemporaryDirectory();
    const host = gpuHost(store.path, ['Tesla V100-SXM2-16GB, 550.54.15, 7.0']);
    const options = { host, indexes: [{ location: site.folder, publicKey: site.publicKey }] };

    const installing = installRuntime(undefined, options);

    await expect(installing).rejects.toMatchObject({
      code: 'RUNTIME_UNFIT',
      detail: {
        candidates: expect.arrayContaining([
          expect.objectContaining({ reason: expect.stringContaining('V100') }),
          expect.objectContaining({ fix: 'Add `--gpu off` to use the processor on purpose.' }),
        ]),
      },
    });
    await expect(activeVersion(host)).resolves.toBeUndefined();
    await installRuntime(undefined, { ...options, gpu: 'off' });
    await expect(activeVersion(host)).resolves.toBe('6000');
  });

  it('reads the indexes of the configuration, in order, past one that is away', async () => {
    await using store = await createTemporaryDirectory();
    const host = gpuHost(store.path, [t4]);
    const away = { location: 'http://127.0.0.1:3/', publicKey: site.publicKey };
    const here = { location: site.folder, publicKey: site.publicKey };
    const config = { schemaVersion: 1, indexes: [away, here] };
    await writeFile(join(store.path, 'config.json'), JSON.stringify(config));

    await installRuntime(undefined, { host });

    await expect(activeVersion(host)).resolves.toBe('6001');
  });

  it.each([
    {
      what: 'no key for a server',
      indexes: [{ location: 'https://127.0.0.1:3' }],
      code: 'USAGE_INVALID',
    },
    { what: 'no index', indexes: [], code: 'RUNTIME_NOT_FOUND' },
  ])('refuses $what', async ({ indexes, code }) => {
    await using store = await createTemporaryDirectory();
    const host = gpuHost(store.path);

    await expect(installRuntime(undefined, { host, indexes })).rejects.toMatchObject({ code });
  });

  it('refuses a configuration without keys', async () => {
    await using store = await createTemporaryDirectory();
    await writeFile(
      join(store.path, 'config.json'),
      '{ "schemaVersion": 1, "indexes": [{ "location": "https://example.com" }] }',
    );

    const installing = installRuntime(undefined, { host: gpuHost(store.path) });

    await expect(installing).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
  });

  it('installs nothing of an index that promises other images than the bundle holds', async () => {
    await using store = await createTemporaryDirectory();
    await using copy = await createTemporaryDirectory();
    await cp(site.folder, copy.path, { recursive: true });
    const path = join(copy.path, 'index.json');
    await writeFile(path, (await readFile(path, 'utf8')).replaceAll('"sm_90"', '"sm_75"'));
    await signIndex(copy.path, { keyPath: site.keyPath, validDays: 1 });
    const host = gpuHost(store.path, [t4]);

    const installing = installRuntime('b6003', {
      host,
      indexes: [{ location: copy.path, publicKey: site.publicKey }],
    });

    await expect(installing).rejects.toMatchObject({ code: 'BUNDLE_INVALID' });
    await expect(activeVersion(host)).resolves.toBeUndefined();
  });

  it('only activates a bundle that is installed already', async () => {
    await using store = await createTemporaryDirectory();
    const host = gpuHost(store.path, [t4]);
    const options = { host, indexes: [{ location: site.folder, publicKey: site.publicKey }] };
    await installRuntime('b6001', options);
    await installRuntime('b6002', options);

    const { wasPresent, previous } = await installRuntime('b6001', options);

    expect(wasPresent).toBe(true);
    expect(previous).toContain('b6002');
    await expect(activeVersion(host)).resolves.toBe('6001');
  });

  it('mends one that was damaged in the store', async () => {
    await using store = await createTemporaryDirectory();
    const host = gpuHost(store.path, [t4]);
    const options = { host, indexes: [{ location: site.folder, publicKey: site.publicKey }] };
    const { runtime } = await installRuntime('b6001', options);
    await rm(join(runtime.directory, 'lib', 'libllama.so.0'));

    const { wasPresent } = await installRuntime('b6001', options);

    expect(wasPresent).toBe(false);
    await expect(activeVersion(host)).resolves.toBe('6001');
  });
});

describe('installRuntime, from this machine', () => {
  it('installs an archive without an index or a network', async () => {
    await using store = await createTemporaryDirectory();
    const host = gpuHost(store.path);

    const { runtime } = await installRuntime(site.archives[3], { host });

    expect(runtime).toMatchObject({
      llamaCpp: { version: 'b6000', commit: '0123abc' },
      backend: 'cpu',
    });
    await expect(activeVersion(host)).resolves.toBe('6000');
  });

  it('makes a bundle of a folder that a build left', async () => {
    await using store = await createTemporaryDirectory();
    await using folder = await createRuntimeFolder({ build: 7000 });
    const host = gpuHost(store.path);

    const { runtime } = await installRuntime(folder.path, { host });

    expect(existsSync(join(runtime.directory, 'llcuda-bundle.json'))).toBe(true);
    await expect(activeVersion(host)).resolves.toBe('7000');
  });

  it.each([
    { what: 'crashes', main: 'abort();', reason: 'it was killed' },
    { what: 'ends with an error', main: 'return 3;', reason: 'exit code 3' },
    { what: 'says nothing', main: '', reason: 'states no version' },
  ])('never activates a program that $what', async ({ main, reason }) => {
    await using store = await createTemporaryDirectory();
    await using folder = await createTemporaryDirectory();
    const host = gpuHost(store.path);
    await installRuntime(site.archives[3], { host });
    writeRuntime(folder.path, {
      main: `(void)argc; (void)argv; ${main.replace('abort', '__builtin_trap')}`,
    });
    await writeFile(join(folder.path, 'llcuda-build.json'), '{ "llamaCpp": { "version": "b1" } }');

    const installing = installRuntime(folder.path, { host });

    await expect(installing).rejects.toMatchObject({
      code: 'RUNTIME_INSTALL_FAILED',
      detail: { reason: expect.stringContaining(reason) },
    });
    await expect(activeVersion(host)).resolves.toBe('6000');
    await expect(listRuntimes({ host })).resolves.toHaveLength(1);
  });

  it('never activates a runtime for a GPU that finds none', async () => {
    await using store = await createTemporaryDirectory();
    await using folder = await createRuntimeFolder({
      fatbins: [gpuCode([75])],
      main: 'if (argc > 1 && !strcmp(argv[1], "--version")) fprintf(stderr, "version: 1 (0123abc)\\n");',
    });
    const host = gpuHost(store.path, [t4]);

    const installing = installRuntime(folder.path, { host });

    await expect(installing).rejects.toMatchObject({
      code: 'RUNTIME_INSTALL_FAILED',
      detail: { reason: 'it finds no GPU' },
    });
  });

  it('refuses an archive that lies about its files', async () => {
    await using store = await createTemporaryDirectory();
    await using folder = await createTemporaryDirectory();
    execFileSync('tar', ['-xzf', site.archives[3] ?? '', '-C', folder.path]);
    await writeFile(join(folder.path, 'lib', 'extra'), 'x');
    const archive = join(folder.path, 'lying.tar.gz');
    execFileSync('tar', [
      '-czf',
      archive,
      '-C',
      folder.path,
      'bin',
      'lib',
      'LICENSE',
      'llcuda-bundle.json',
    ]);

    const installing = installRuntime(archive, { host: gpuHost(store.path) });

    await expect(installing).rejects.toMatchObject({
      code: 'BUNDLE_INVALID',
      detail: { problems: [{ path: 'lib/extra', reason: 'it is not in the manifest' }] },
    });
  });

  it('reports a path that is not there', async () => {
    await using store = await createTemporaryDirectory();

    const installing = installRuntime('./nowhere/x.zip', { host: gpuHost(store.path) });

    await expect(installing).rejects.toMatchObject({ code: 'SOURCE_UNREADABLE' });
  });
});

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

    expect(both.map(({ wasPresent }) => wasPresent).toSorted()).toEqual([false, true]);
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

describe('previewInstall', () => {
  it('judges the worst of all GPUs', async () => {
    await using store = await createTemporaryDirectory();
    const host = gpuHost(store.path, [t4, 'NVIDIA H100 80GB HBM3, 550.54.15, 9.0']);

    const plan = await previewInstall(undefined, { host, indexes: [{ location: site.folder }] });

    expect(plan?.chosen?.bundle.file).toBe('jit.tar.gz');
  });
});
