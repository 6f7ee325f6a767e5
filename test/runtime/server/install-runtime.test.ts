import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { signIndex } from '../../../src/runtime/index/sign-index.ts';
import { installRuntime } from '../../../src/runtime/server/install-runtime.ts';
import { previewInstall } from '../../../src/runtime/server/preview-install.ts';
import type { InstallStep } from '../../../src/runtime/server/install-step.ts';
import { listRuntimes } from '../../../src/runtime/server/list-runtimes.ts';
import type { BundleSite } from '../../support/bundle-site.ts';
import { activeVersion, createInstallSite, t4 } from '../../support/install-site.ts';
import { gpuHost } from '../../support/gpu-host.ts';
import { createRuntimeFolder, gpuCode, writeRuntime } from '../../support/runtime-folder.ts';
import { serveFolder } from '../../support/serve-folder.ts';
import { createTemporaryDirectory } from '../../support/temporary-directory.ts';

let site: BundleSite;

beforeAll(async () => {
  site = await createInstallSite();
});

afterAll(async () => site[Symbol.asyncDispose]());

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

describe('previewInstall', () => {
  it('judges the worst of all GPUs', async () => {
    await using store = await createTemporaryDirectory();
    const host = gpuHost(store.path, [t4, 'NVIDIA H100 80GB HBM3, 550.54.15, 9.0']);

    const plan = await previewInstall(undefined, { host, indexes: [{ location: site.folder }] });

    expect(plan?.chosen?.bundle.file).toBe('jit.tar.gz');
  });
});
