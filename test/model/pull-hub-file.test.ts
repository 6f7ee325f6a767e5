import { existsSync } from 'node:fs';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { pullModel } from '../../src/model/pull-model.ts';
import { ggufBytes, sha256Of } from '../support/gguf-bytes.ts';
import { recordProgress } from '../support/record-progress.ts';
import { closedUrl, hostWithStore, revision, serveHub } from '../support/serve-hub.ts';
import { sendFile, serve } from '../support/serve.ts';
import {
  canMountDisks,
  createTemporaryDirectory,
  mountSmallDisk,
} from '../support/temporary-directory.ts';

const reference = 'hf:owner/repo:q4/tiny model.gguf';

describe('pullModel, of a file of the hub', () => {
  it('fetches the commit that main is at, and puts the file under its hash', async () => {
    await using store = await createTemporaryDirectory();
    const content = ggufBytes(5000);
    await using hub = await serveHub(content);
    const host = hostWithStore(store.path, { HF_ENDPOINT: hub.url });

    const model = await pullModel(reference, { host });

    expect(model).toEqual({
      name: 'tiny_model.gguf',
      path: join(store.path, 'models', sha256Of(content), 'tiny_model.gguf'),
      wasPresent: false,
      entry: undefined,
    });
    expect(await readFile(model.path)).toEqual(content);
    expect(hub.requests.map(({ method, url }) => [method, url])).toEqual([
      ['HEAD', '/owner/repo/resolve/main/q4/tiny%20model.gguf'],
      ['GET', `/owner/repo/resolve/${revision}/q4/tiny%20model.gguf`],
    ]);
    expect(hub.storageRequests.map(({ method }) => method)).toEqual(['GET']);
  });

  it('sends the token to the hub and not to its storage', async () => {
    await using store = await createTemporaryDirectory();
    await using hub = await serveHub(ggufBytes(1000));
    const host = hostWithStore(store.path, { HF_ENDPOINT: hub.url, HF_TOKEN: 'hf_secret' });

    await pullModel(reference, { host });

    const sent = hub.requests.map(({ headers }) => headers.authorization);
    expect(sent).toEqual(['Bearer hf_secret', 'Bearer hf_secret']);
    expect(hub.storageRequests.map(({ headers }) => headers.authorization)).toEqual([undefined]);
  });

  it('fetches nothing when the file is there', async () => {
    await using store = await createTemporaryDirectory();
    await using hub = await serveHub(ggufBytes(1000));
    const host = hostWithStore(store.path, { HF_ENDPOINT: hub.url });
    const first = await pullModel(reference, { host });

    const second = await pullModel(reference, { host });

    expect(second).toEqual({ ...first, wasPresent: true });
    expect(hub.storageRequests).toHaveLength(1);
  });

  it('takes a file of another size for absent', async () => {
    await using store = await createTemporaryDirectory();
    const content = ggufBytes(1000);
    await using hub = await serveHub(content);
    const host = hostWithStore(store.path, { HF_ENDPOINT: hub.url });
    const { path } = await pullModel(reference, { host });
    await writeFile(path, content.subarray(0, 500));

    const model = await pullModel(reference, { host });

    expect(model.wasPresent).toBe(false);
    expect(await readFile(path)).toEqual(content);
  });

  it('uses what the hub said last when the hub is down, and says so', async () => {
    await using store = await createTemporaryDirectory();
    await using hub = await serveHub(ggufBytes(1000));
    const first = await pullModel(reference, {
      host: hostWithStore(store.path, { HF_ENDPOINT: hub.url }),
    });
    const progress = recordProgress();

    const second = await pullModel(reference, {
      host: hostWithStore(store.path, { HF_ENDPOINT: closedUrl }),
      onProgress: progress.onProgress,
    });

    expect(second).toEqual({ ...first, wasPresent: true });
    expect(progress.notices()).toEqual([
      'Cannot reach 127.0.0.1:3: ECONNREFUSED; using the revision seen last',
    ]);
  });

  it.each([500, 502, 503, 429])(
    'uses what the hub said last when it answers %d',
    async (status) => {
      await using store = await createTemporaryDirectory();
      await using hub = await serveHub(ggufBytes(1000));
      const first = await pullModel(reference, {
        host: hostWithStore(store.path, { HF_ENDPOINT: hub.url }),
      });
      await using broken = await serve((_request, response) => response.writeHead(status).end());
      const progress = recordProgress();

      const second = await pullModel(reference, {
        host: hostWithStore(store.path, { HF_ENDPOINT: broken.url }),
        onProgress: progress.onProgress,
      });

      expect(second).toEqual({ ...first, wasPresent: true });
      expect(progress.notices()).toEqual([
        expect.stringMatching(/; using the revision seen last$/) as unknown,
      ]);
    },
  );

  it('does not believe a pin on disk that was tampered with', async () => {
    await using store = await createTemporaryDirectory();
    await using hub = await serveHub(ggufBytes(1000));
    await pullModel(reference, { host: hostWithStore(store.path, { HF_ENDPOINT: hub.url }) });
    const pins = join(store.path, 'models', 'pins');
    const [pinName = ''] = await readdir(pins);
    const pinPath = join(pins, pinName);
    const pin = await readFile(pinPath, 'utf8');
    await writeFile(pinPath, pin.replace(revision, '../../etc'));

    const pulling = pullModel(reference, {
      host: hostWithStore(store.path, { HF_ENDPOINT: closedUrl }),
    });

    await expect(pulling).rejects.toMatchObject({ code: 'DOWNLOAD_UNREACHABLE' });
  });

  it('cannot reach a hub that is down and was never asked', async () => {
    await using store = await createTemporaryDirectory();

    const pulling = pullModel(reference, {
      host: hostWithStore(store.path, { HF_ENDPOINT: closedUrl }),
    });

    await expect(pulling).rejects.toMatchObject({
      code: 'DOWNLOAD_UNREACHABLE',
      detail: { reason: 'ECONNREFUSED' },
    });
    expect(existsSync(join(store.path, 'models'))).toBe(false);
  });

  it.each([
    [401, 'GatedRepo', 'Accept the licence on the model page and set HF_TOKEN'],
    [403, 'GatedRepo', 'Accept the licence on the model page and set HF_TOKEN'],
    [401, 'RepoNotFound', 'Check the owner, the repository'],
    [404, 'EntryNotFound', 'Check the owner, the repository'],
  ])('passes on that the hub answered %d %s', async (status, reason, hint) => {
    await using store = await createTemporaryDirectory();
    await using hub = await serve((_request, response) => {
      response.writeHead(status, { 'x-error-code': reason }).end();
    });

    const pulling = pullModel(reference, {
      host: hostWithStore(store.path, { HF_ENDPOINT: hub.url }),
    });

    await expect(pulling).rejects.toMatchObject({
      code: 'DOWNLOAD_REFUSED',
      detail: { status, reason },
      hint: expect.stringContaining(hint) as unknown,
    });
    expect(hub.requests).toHaveLength(1);
  });

  it('refuses a hub that gives no hash', async () => {
    await using store = await createTemporaryDirectory();
    await using hub = await serve(sendFile(ggufBytes(1000)));

    const pulling = pullModel(reference, {
      host: hostWithStore(store.path, { HF_ENDPOINT: hub.url }),
    });

    await expect(pulling).rejects.toMatchObject({
      code: 'DOWNLOAD_REFUSED',
      detail: { status: 200, reason: 'no X-Linked-Etag' },
    });
  });

  it('asks where a repository went that was renamed', async () => {
    await using store = await createTemporaryDirectory();
    const content = ggufBytes(1000);
    await using server = await serve((request, response) => {
      if (request.url?.startsWith('/owner/')) {
        const location = request.url.replace('/owner/', '/new-owner/');
        response.writeHead(307, { location }).end();
      } else if (request.method === 'HEAD') {
        const headers = {
          'x-repo-commit': revision,
          'x-linked-size': content.length,
          'x-linked-etag': `"${sha256Of(content)}"`,
        };
        response.writeHead(200, headers).end();
      } else sendFile(content)(request, response);
    });
    const host = hostWithStore(store.path, { HF_ENDPOINT: server.url });

    const model = await pullModel(reference, { host });

    expect(await readFile(model.path)).toEqual(content);
  });

  it('keeps nothing of a file that is not what the hub said', async () => {
    await using store = await createTemporaryDirectory();
    const content = ggufBytes(1000);
    await using hub = await serveHub(content, sendFile(ggufBytes(1000)));

    const pulling = pullModel(reference, {
      host: hostWithStore(store.path, { HF_ENDPOINT: hub.url }),
    });

    await expect(pulling).rejects.toMatchObject({
      code: 'DOWNLOAD_MISMATCH',
      detail: { expectedSha256: sha256Of(content) },
    });
    const folder = join(store.path, 'models', sha256Of(content));
    expect(existsSync(join(folder, 'tiny_model.gguf'))).toBe(false);
    expect(existsSync(join(folder, 'tiny_model.gguf.partial'))).toBe(false);
  });

  it('names HF_ENDPOINT when it is no URL', async () => {
    await using store = await createTemporaryDirectory();

    const pulling = pullModel(reference, {
      host: hostWithStore(store.path, { HF_ENDPOINT: 'hf-mirror.example' }),
    });

    await expect(pulling).rejects.toMatchObject({
      code: 'DOWNLOAD_UNREACHABLE',
      hint: expect.stringContaining('HF_ENDPOINT') as unknown,
    });
  });

  it.skipIf(!canMountDisks)('uses a file of a store that cannot be written', async () => {
    await using disk = await mountSmallDisk(1 << 20);
    await using hub = await serveHub(ggufBytes(1000));
    const host = hostWithStore(disk.path, { HF_ENDPOINT: hub.url });
    const first = await pullModel(reference, { host });
    execFileSync('mount', ['-o', 'remount,ro', disk.path]);

    const second = await pullModel(reference, { host });

    expect(second).toEqual({ ...first, wasPresent: true });
  });

  it.skipIf(!canMountDisks)('names a store that cannot be written', async () => {
    await using disk = await mountSmallDisk(1 << 20);
    await using hub = await serveHub(ggufBytes(1000));
    execFileSync('mount', ['-o', 'remount,ro', disk.path]);

    const pulling = pullModel(reference, {
      host: hostWithStore(disk.path, { HF_ENDPOINT: hub.url }),
    });

    await expect(pulling).rejects.toMatchObject({ code: 'STORE_NOT_WRITABLE' });
  });

  it('fetches again what was removed', async () => {
    await using store = await createTemporaryDirectory();
    await using hub = await serveHub(ggufBytes(1000));
    const host = hostWithStore(store.path, { HF_ENDPOINT: hub.url });
    const { path } = await pullModel(reference, { host });
    await rm(path);

    const model = await pullModel(reference, { host });

    expect(model.wasPresent).toBe(false);
    expect(hub.storageRequests).toHaveLength(2);
  });
});
