import { randomBytes } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { downloadFile } from '../../src/net/download-file.ts';
import { createDownloadSite, quickOptions, rangeStart } from '../support/download-site.ts';
import { sha256Of } from '../support/gguf-bytes.ts';
import { sendFile, serve } from '../support/serve.ts';
import { canMountDisks, mountSmallDisk } from '../support/temporary-directory.ts';

describe('downloadFile, between hosts', () => {
  it('follows redirects, and sends the token to the first origin only', async () => {
    await using site = await createDownloadSite();
    const content = randomBytes(1000);
    await using storage = await serve(sendFile(content));
    await using hub = await serve((request, response) => {
      const location = request.url === '/first' ? '/second' : `${storage.url}/blob`;
      response.writeHead(302, { location }).end();
    });

    await downloadFile(
      {
        url: `${hub.url}/first`,
        destination: site.destination,
        label: 'file',
        bearerToken: 'hf_secret',
      },
      quickOptions(),
    );

    expect(hub.requests.map(({ headers }) => headers.authorization)).toEqual([
      'Bearer hf_secret',
      'Bearer hf_secret',
    ]);
    expect(storage.requests.map(({ headers }) => headers.authorization)).toEqual([undefined]);
    expect(sha256Of(await readFile(site.destination))).toBe(sha256Of(content));
  });

  it('asks the first host again when it goes on, since the addresses of storage expire', async () => {
    await using site = await createDownloadSite();
    const content = randomBytes(1000);
    await mkdir(site.folder);
    await writeFile(site.partial, content.subarray(0, 400));
    await using storage = await serve(sendFile(content));
    await using hub = await serve((_request, response) => {
      response.writeHead(302, { location: `${storage.url}/blob` }).end();
    });

    await downloadFile(
      {
        url: hub.url,
        destination: site.destination,
        label: 'file',
        expectedSha256: sha256Of(content),
      },
      quickOptions(),
    );

    expect(hub.requests).toHaveLength(1);
    expect(storage.requests.map(rangeStart)).toEqual([400]);
  });

  it('cannot reach a host that redirects in a circle', async () => {
    await using site = await createDownloadSite();
    await using server = await serve((_request, response) => {
      response.writeHead(302, { location: '/again' }).end();
    });

    const downloading = downloadFile(
      { url: server.url, destination: site.destination, label: 'file' },
      quickOptions(),
    );

    await expect(downloading).rejects.toMatchObject({
      code: 'DOWNLOAD_UNREACHABLE',
      detail: { reason: 'more than 10 redirects' },
    });
    expect(server.requests).toHaveLength(11);
    expect(await readdir(site.folder)).toEqual([]);
  });

  it('does not follow a redirect to plain http on another machine', async () => {
    await using site = await createDownloadSite();
    await using server = await serve((_request, response) => {
      response.writeHead(302, { location: 'http://192.0.2.1/file?signature=secret' }).end();
    });

    const downloading = downloadFile(
      { url: server.url, destination: site.destination, label: 'file' },
      quickOptions(),
    );

    await expect(downloading).rejects.toMatchObject({
      code: 'DOWNLOAD_UNREACHABLE',
      detail: { url: 'http://192.0.2.1/file', reason: 'refusing http: URLs' },
    });
  });

  it('cannot reach a port where nothing listens, and says why', async () => {
    await using site = await createDownloadSite();
    const server = await serve(() => undefined);
    await server[Symbol.asyncDispose]();

    const downloading = downloadFile(
      { url: server.url, destination: site.destination, label: 'file' },
      quickOptions(),
    );

    await expect(downloading).rejects.toMatchObject({
      code: 'DOWNLOAD_UNREACHABLE',
      detail: { url: `${server.url}/`, reason: 'ECONNREFUSED' },
    });
    expect(await readdir(site.folder)).toEqual([]);
  });
});

describe('downloadFile, aborted', () => {
  it('rejects with the reason, keeps what came, and goes on at the next call', async () => {
    await using site = await createDownloadSite();
    const content = randomBytes(100_000);
    const controller = new AbortController();
    const reason = new Error('enough');
    await using server = await serve((request, response) => {
      if (server.requests.length > 1) {
        sendFile(content)(request, response);
        return;
      }
      response.writeHead(200, { 'content-length': content.length });
      response.write(content.subarray(0, 60_000));
    });
    const request = {
      url: server.url,
      destination: site.destination,
      label: 'file',
      expectedSha256: sha256Of(content),
    };

    const first = downloadFile(request, {
      ...quickOptions(),
      signal: controller.signal,
      onProgress: (event) => {
        if (event.type === 'transfer' && event.doneBytes === 60_000) controller.abort(reason);
      },
    });
    await expect(first).rejects.toBe(reason);
    const kept = await readFile(site.partial);
    await downloadFile(request, quickOptions());

    expect(sha256Of(kept)).toBe(sha256Of(content.subarray(0, 60_000)));
    expect(server.requests.map(rangeStart)).toEqual([0, 60_000]);
    expect(sha256Of(await readFile(site.destination))).toBe(sha256Of(content));
  });

  it('rejects with the reason in the pause between two attempts, too', async () => {
    await using site = await createDownloadSite();
    const controller = new AbortController();
    const reason = new Error('enough');
    await using server = await serve((_request, response) => {
      response.writeHead(503).end(() => setTimeout(() => controller.abort(reason), 200));
    });

    const downloading = downloadFile(
      { url: server.url, destination: site.destination, label: 'file' },
      { ...quickOptions(), retryDelayMs: 60_000, signal: controller.signal },
    );

    await expect(downloading).rejects.toBe(reason);
  });

  it('asks nobody when the signal has fired already', async () => {
    await using site = await createDownloadSite();
    await using server = await serve(sendFile(randomBytes(10)));
    const reason = new Error('enough');

    const downloading = downloadFile(
      { url: server.url, destination: site.destination, label: 'file' },
      { ...quickOptions(), signal: AbortSignal.abort(reason) },
    );

    await expect(downloading).rejects.toBe(reason);
    expect(server.requests).toEqual([]);
  });
});

describe('downloadFile, without room', () => {
  it.skipIf(!canMountDisks)('takes nothing that cannot fit, and hangs up', async () => {
    await using site = await createDownloadSite(await mountSmallDisk(256 * 1024));
    let hasHungUp = false;
    await using server = await serve((_request, response) => {
      response.on('close', () => (hasHungUp = true));
      response.writeHead(200, { 'content-length': 1e9 }).write(randomBytes(1000));
    });

    const downloading = downloadFile(
      { url: server.url, destination: site.destination, label: 'file' },
      quickOptions(),
    );

    await expect(downloading).rejects.toMatchObject({
      code: 'DISK_FULL',
      detail: { path: site.folder, neededBytes: 1e9 },
    });
    expect(await readdir(site.folder)).toEqual([]);
    await expect.poll(() => hasHungUp, { timeout: 3000 }).toBe(true);
  });

  it.skipIf(!canMountDisks)(
    'stops when the disk is full, keeps what fitted, and goes on when there is room',
    async () => {
      const disk = await mountSmallDisk(256 * 1024);
      await using site = await createDownloadSite(disk);
      const content = randomBytes(1_000_000);
      await using server = await serve((request, response) => {
        const startByte = rangeStart(request);
        if (startByte > 0) {
          const range = `bytes ${startByte}-${content.length - 1}/*`;
          response.writeHead(206, { 'content-range': range });
        }
        response.write(content.subarray(startByte), () => response.end());
      });
      const request = {
        url: server.url,
        destination: site.destination,
        label: 'file',
        expectedSha256: sha256Of(content),
      };

      const first = downloadFile(request, quickOptions());
      await expect(first).rejects.toMatchObject({ code: 'DISK_FULL' });
      const kept = await readFile(site.partial);
      execFileSync('mount', ['-o', 'remount,size=4m', disk.path]);
      await downloadFile(request, quickOptions());

      expect(kept.length).toBeGreaterThan(100_000);
      expect(sha256Of(kept)).toBe(sha256Of(content.subarray(0, kept.length)));
      expect(server.requests.map(rangeStart)).toEqual([0, kept.length]);
      expect(sha256Of(await readFile(site.destination))).toBe(sha256Of(content));
    },
  );

  it('names a folder that cannot be made', async () => {
    await using site = await createDownloadSite();
    await writeFile(site.folder, 'a file where the folder should be');
    await using server = await serve(sendFile(randomBytes(10)));

    const downloading = downloadFile(
      { url: server.url, destination: join(site.folder, 'below', 'file'), label: 'file' },
      quickOptions(),
    );

    await expect(downloading).rejects.toMatchObject({ code: 'STORE_NOT_WRITABLE' });
    expect(server.requests).toEqual([]);
  });
});
