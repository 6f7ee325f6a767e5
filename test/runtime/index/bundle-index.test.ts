import { appendFile, copyFile, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createNodeHost } from '../../../src/host/create-node-host.ts';
import type { Host } from '../../../src/host/host.ts';
import { createFetch } from '../../../src/net/create-fetch.ts';
import { checkIndex } from '../../../src/runtime/index/check-index.ts';
import { addToIndex, removeFromIndex } from '../../../src/runtime/index/edit-index.ts';
import { readIndex } from '../../../src/runtime/index/read-index.ts';
import { signIndex } from '../../../src/runtime/index/sign-index.ts';
import { createKeyPair } from '../../../src/runtime/index/signing-keys.ts';
import { createBundleSite, type BundleSite } from '../../support/bundle-site.ts';
import { runInProcess } from '../../support/run-in-process.ts';
import { gpuCode } from '../../support/runtime-folder.ts';
import { serveFolder } from '../../support/serve-folder.ts';

const host: Host = { ...createNodeHost(), env: { ...process.env, no_proxy: '127.0.0.1' } };
const options = { host, fetch: createFetch(host) };
const cuda = { fatbins: [gpuCode([75, 80, 90], 90)] };

async function editIndex(site: BundleSite, edit: (text: string) => string): Promise<void> {
  const path = join(site.folder, 'index.json');
  await writeFile(path, edit(await readFile(path, 'utf8')));
}

describe('readIndex', () => {
  it.each(['a folder', 'a server'])('reads a signed index of %s', async (place) => {
    await using site = await createBundleSite({ cuda, cpu: {} });
    await using server = await serveFolder(site.folder);
    const location = place === 'a folder' ? site.folder : server.url;

    const { bundles, expiresAt } = await readIndex(
      { location, publicKey: site.publicKey },
      options,
    );

    expect(bundles.map(({ file, backend }) => [file, backend])).toEqual([
      ['cuda.tar.gz', 'cuda'],
      ['cpu.tar.gz', 'cpu'],
    ]);
    expect(bundles[0]).toMatchObject({
      name: expect.stringMatching(/^b6000-linux-x64-cuda(?:\d+)?-[0-9a-f]{8}$/),
      sizeBytes: (await stat(join(site.folder, 'cuda.tar.gz'))).size,
      llamaCpp: { version: 'b6000' },
    });
    expect(Date.parse(expiresAt ?? '')).toBeGreaterThan(Date.now());
  });

  it.each<{
    readonly what: string;
    readonly change: (site: BundleSite) => Promise<unknown>;
    readonly code: string;
  }>([
    {
      what: 'one byte changed',
      change: async (site) => editIndex(site, (text) => text.replace('b6000', 'b6001')),
      code: 'INDEX_SIGNATURE_INVALID',
    },
    {
      what: 'no signature',
      change: async (site) => rm(join(site.folder, 'index.json.sig')),
      code: 'INDEX_SIGNATURE_INVALID',
    },
    {
      what: 'a signature that is none',
      change: async (site) => writeFile(join(site.folder, 'index.json.sig'), 'ed25519:AAAA'),
      code: 'INDEX_SIGNATURE_INVALID',
    },
    {
      what: 'the signature of another key',
      change: async (site) => {
        await writeFile(site.keyPath, createKeyPair().privateKey);
        await signIndex(site.folder, { keyPath: site.keyPath, validDays: 1 });
      },
      code: 'INDEX_SIGNATURE_INVALID',
    },
    {
      what: 'an expiry in the past',
      change: async ({ folder, keyPath }) =>
        signIndex(folder, { keyPath, validDays: 1, now: new Date('2020-01-01') }),
      code: 'INDEX_EXPIRED',
    },
    {
      what: 'no index',
      change: async (site) => rm(join(site.folder, 'index.json')),
      code: 'INDEX_INVALID',
    },
  ])('refuses $what, from a folder and from a server', async ({ change, code }) => {
    await using site = await createBundleSite({ cpu: {} });
    await change(site);
    await using server = await serveFolder(site.folder);

    for (const location of [site.folder, server.url]) {
      const reading = readIndex({ location, publicKey: site.publicKey }, options);

      await expect(reading).rejects.toMatchObject({ code, hint: expect.stringMatching(/.+/) });
    }
  });

  it.each([
    { what: 'a newer schema', text: '{ "schemaVersion": 2 }', code: 'SCHEMA_TOO_NEW' },
    { what: 'no JSON', text: '<html>', code: 'INDEX_INVALID' },
    {
      what: 'an archive elsewhere',
      text: '{ "schemaVersion": 1, "bundles": [{ "name": "x", "file": "../x.tar.gz" }] }',
      code: 'INDEX_INVALID',
    },
  ])('refuses $what of an unsigned folder', async ({ text, code }) => {
    await using site = await createBundleSite({});
    await editIndex(site, () => text);

    await expect(readIndex({ location: site.folder }, options)).rejects.toMatchObject({ code });
  });

  it('refuses a key that is none', async () => {
    await using site = await createBundleSite({});
    const source = { location: site.folder, publicKey: 'ed25519:short' };

    await expect(readIndex(source, options)).rejects.toMatchObject({ code: 'KEY_INVALID' });
  });
});

describe('the index of a folder', () => {
  it('loses its signature when it changes', async () => {
    await using site = await createBundleSite({ cuda, cpu: {} });

    const { names, index } = await removeFromIndex(site.folder, ['cpu.tar.gz']);

    expect(names).toHaveLength(1);
    expect(index).toMatchObject({ bundles: [{ file: 'cuda.tar.gz' }] });
    expect(index.expiresAt).toBeUndefined();
    await expect(
      readIndex({ location: site.folder, publicKey: site.publicKey }, options),
    ).rejects.toMatchObject({ code: 'INDEX_SIGNATURE_INVALID' });
  });

  it('takes no archive that is not what its manifest says', async () => {
    await using site = await createBundleSite({ cpu: {} });
    const broken = join(site.root, 'broken.tar.gz');
    await writeFile(broken, 'hello');

    await expect(addToIndex(site.folder, [broken])).rejects.toMatchObject({
      code: 'BINARY_UNSUPPORTED',
    });
  });

  it('holds a bundle once, however often it is added', async () => {
    await using site = await createBundleSite({ cpu: {} });

    const { index } = await addToIndex(site.folder, site.archives);

    expect(index.bundles).toHaveLength(1);
  });
});

describe('checkIndex', () => {
  it('finds archives that are missing, changed or not listed', async () => {
    await using site = await createBundleSite({ a: {}, b: { build: 6001 }, c: { build: 6002 } });
    await rm(join(site.folder, 'a.tar.gz'));
    await appendFile(join(site.folder, 'b.tar.gz'), 'x');
    await copyFile(join(site.folder, 'c.tar.gz'), join(site.folder, 'd.tar.gz'));

    const { problems, unlisted } = await checkIndex(site.folder, { publicKey: site.publicKey });

    expect(problems).toEqual([
      { file: 'a.tar.gz', reason: expect.stringContaining('missing') },
      { file: 'b.tar.gz', reason: expect.stringContaining('bytes') },
    ]);
    expect(unlisted).toEqual(['d.tar.gz']);
  });

  it('shows which GPU with which driver has no bundle', async () => {
    await using site = await createBundleSite({ cuda });

    const { matrix } = await checkIndex(site.folder);

    const outcomes = (gpu: string): readonly string[] | undefined =>
      matrix.rows.find((row) => row.gpu === gpu)?.cells.map(({ outcome }) => outcome);
    expect(outcomes('T4')).toContain('native');
    expect(outcomes('V100')).not.toContain('native');
    // PTX 8.4 for 9.0 on Blackwell.
    expect(outcomes('RTX 5090')?.at(-1)).toBe('jit');
  });
});

describe('llcuda index', () => {
  it('keeps, signs and checks a folder, and fails for a hole', async () => {
    await using site = await createBundleSite({ cuda });
    const run = async (...argv: string[]): ReturnType<typeof runInProcess> =>
      runInProcess(['index', ...argv], { host });
    const key = join(site.root, 'new-key.pem');

    const keygen = await run('keygen', key);
    const again = await run('keygen', key);
    const added = await run('add', site.folder, ...site.archives);
    const signed = await run('sign', site.folder, '--key', key, '--valid-days', '7');
    const publicKey = /ed25519:\S+/.exec(keygen.stdout)?.[0] ?? '';
    const good = await run(
      'check',
      site.folder,
      '--public-key',
      publicKey,
      '--matrix',
      '--require',
      't4,driver=550.54.15',
    );
    const hole = await run('check', site.folder, '--require', 'v100,driver=550.54.15', '--json');

    expect([keygen, added, signed, good].map(({ exitCode }) => exitCode)).toEqual([0, 0, 0, 0]);
    expect((await stat(key)).mode & 0o777).toBe(0o600);
    expect(again.exitCode).toBe(73);
    expect(good.stdout).toMatch(/^T4 +7\.5 .*native/m);
    expect(good.stdout).toContain('t4,driver=550.54.15: native, b6000-linux-x64-cuda');
    expect(hole.exitCode).toBe(1);
    expect(JSON.parse(hole.stdout)).toMatchObject({
      required: [{ target: 'v100,driver=550.54.15', outcome: 'none' }],
    });
  });
});
