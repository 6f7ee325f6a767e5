import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import type { RequestListener } from 'node:http';
import { describe, expect, it } from 'vitest';
import { downloadFile, type DownloadRequest } from '../../src/net/download-file.ts';
import {
  createDownloadSite,
  quickOptions,
  rangeStart,
  sendThenCut,
  type DownloadSite,
} from '../support/download-site.ts';
import { sha256Of } from '../support/gguf-bytes.ts';
import { sendFile, serve } from '../support/serve.ts';

/** A download of `content` from the root of a server, pinned by size and hash. */
function pinned(url: string, site: DownloadSite, content: Uint8Array): DownloadRequest {
  return {
    url,
    destination: site.destination,
    label: 'file',
    expectedBytes: content.length,
    expectedSha256: sha256Of(content),
  };
}

/** Sends without saying how long the content is. */
function sendWithoutLength(content: Uint8Array): RequestListener {
  return (_request, response) => {
    response.write(content, () => response.end());
  };
}

describe('downloadFile, of a server that answers strangely', () => {
  it('starts anew when the range is refused', async () => {
    await using site = await createDownloadSite();
    const content = randomBytes(1000);
    await mkdir(site.folder);
    await writeFile(site.partial, content.subarray(0, 500));
    await using server = await serve((request, response) => {
      if (request.headers.range === undefined) response.end(content);
      else response.writeHead(416).end();
    });

    await downloadFile(pinned(server.url, site, content), quickOptions());

    expect(server.requests.map(rangeStart)).toEqual([500, 0]);
    expect(sha256Of(await readFile(site.destination))).toBe(sha256Of(content));
  });

  it.each([
    ['another range', 'bytes 0-999/1000'],
    ['no range', undefined],
    ['a range that cannot be read', 'bytes ?-?/?'],
  ])('starts anew when the answer has %s', async (_what, contentRange) => {
    await using site = await createDownloadSite();
    const content = randomBytes(1000);
    await mkdir(site.folder);
    await writeFile(site.partial, content.subarray(0, 500));
    await using server = await serve((request, response) => {
      if (request.headers.range === undefined) response.end(content);
      else
        response.writeHead(206, contentRange ? { 'content-range': contentRange } : {}).end('bad');
    });

    await downloadFile(pinned(server.url, site, content), quickOptions());

    expect(server.requests.map(rangeStart)).toEqual([500, 0]);
    expect(sha256Of(await readFile(site.destination))).toBe(sha256Of(content));
  });

  it('gives up on a file that always breaks off at the same byte, and keeps what came', async () => {
    await using site = await createDownloadSite();
    const content = randomBytes(1000);
    await using server = await serve((request, response) => {
      const startByte = rangeStart(request);
      const left = content.subarray(startByte);
      response.writeHead(startByte > 0 ? 206 : 200, {
        'content-length': left.length,
        ...(startByte > 0 && { 'content-range': `bytes ${startByte}-999/1000` }),
      });
      sendThenCut(response, content.subarray(startByte, 700), { ...site, untilBytes: 700 });
    });

    const downloading = downloadFile(pinned(server.url, site, content), quickOptions());

    await expect(downloading).rejects.toMatchObject({
      code: 'DOWNLOAD_INTERRUPTED',
      detail: { url: `${server.url}/`, receivedBytes: 700, expectedBytes: 1000 },
    });
    expect(server.requests.map(rangeStart)).toEqual([0, 700, 700, 700]);
    expect(await readFile(site.partial)).toEqual(content.subarray(0, 700));
    expect(await readdir(site.folder)).toEqual(['model.gguf.partial']);
  });

  it('gives up on a file that is shorter than pinned, where the server does not say so', async () => {
    await using site = await createDownloadSite();
    const content = randomBytes(1000);
    await using server = await serve((request, response) => {
      if (request.headers.range !== undefined) response.writeHead(416).end();
      else sendWithoutLength(content.subarray(0, 700))(request, response);
    });
    const signal = AbortSignal.timeout(5000);

    const downloading = downloadFile(pinned(server.url, site, content), {
      ...quickOptions(),
      signal,
    });

    await expect(downloading).rejects.toMatchObject({ code: 'DOWNLOAD_INTERRUPTED' });
    expect(server.requests.length).toBeLessThan(10);
  });

  it('gives up on a server that ignores ranges and breaks off now here, now there', async () => {
    await using site = await createDownloadSite();
    const content = randomBytes(1000);
    await using server = await serve((_request, response) => {
      response.writeHead(200, { 'content-length': content.length });
      const untilBytes = server.requests.length % 2 === 0 ? 700 : 300;
      sendThenCut(response, content.subarray(0, untilBytes), { ...site, untilBytes });
    });
    const signal = AbortSignal.timeout(5000);

    const downloading = downloadFile(pinned(server.url, site, content), {
      ...quickOptions(),
      signal,
    });

    await expect(downloading).rejects.toMatchObject({ code: 'DOWNLOAD_INTERRUPTED' });
    expect(server.requests.length).toBeLessThan(10);
  });

  it.each([
    ['longer, and says so', (longer: Buffer) => sendFile(longer)],
    ['longer, and does not say so', (longer: Buffer) => sendWithoutLength(longer)],
    ['shorter, and says so', (longer: Buffer) => sendFile(longer.subarray(0, 999))],
  ])('keeps nothing of a file that is %s', async (_what, listenerFor) => {
    await using site = await createDownloadSite();
    const longer = randomBytes(1100);
    await using server = await serve(listenerFor(longer));

    const downloading = downloadFile(
      pinned(server.url, site, longer.subarray(0, 1000)),
      quickOptions(),
    );

    await expect(downloading).rejects.toMatchObject({
      code: 'DOWNLOAD_MISMATCH',
      detail: { url: `${server.url}/`, expectedBytes: 1000 },
    });
    expect(await readdir(site.folder)).toEqual([]);
    expect(server.requests).toHaveLength(1);
  });

  it('keeps nothing of a longer file after the fresh start either', async () => {
    await using site = await createDownloadSite();
    const longer = randomBytes(1100);
    await mkdir(site.folder);
    await writeFile(site.partial, randomBytes(1000));
    await using server = await serve(sendWithoutLength(longer));

    const downloading = downloadFile(
      pinned(server.url, site, longer.subarray(0, 1000)),
      quickOptions(),
    );

    await expect(downloading).rejects.toMatchObject({ code: 'DOWNLOAD_MISMATCH' });
    expect(await readdir(site.folder)).toEqual([]);
  });

  it('keeps nothing of a corrupted file, and names both hashes', async () => {
    await using site = await createDownloadSite();
    const content = randomBytes(1000);
    const corrupted = Buffer.from(content);
    corrupted[500]! ^= 1;
    await using server = await serve(sendFile(corrupted));

    const downloading = downloadFile(pinned(server.url, site, content), quickOptions());

    await expect(downloading).rejects.toMatchObject({
      code: 'DOWNLOAD_MISMATCH',
      detail: {
        url: `${server.url}/`,
        expectedSha256: sha256Of(content),
        actualSha256: sha256Of(corrupted),
        expectedBytes: 1000,
        actualBytes: 1000,
      },
    });
    expect(await readdir(site.folder)).toEqual([]);
    expect(server.requests).toHaveLength(1);
  });

  it('leaves an older file of the name alone when the new one is wrong', async () => {
    await using site = await createDownloadSite();
    await mkdir(site.folder);
    await writeFile(site.destination, 'older');
    await using server = await serve(sendFile(randomBytes(1000)));

    const downloading = downloadFile(pinned(server.url, site, randomBytes(1000)), quickOptions());

    await expect(downloading).rejects.toMatchObject({ code: 'DOWNLOAD_MISMATCH' });
    expect(await readFile(site.destination, 'utf8')).toBe('older');
  });

  it.each([
    [404, 'Check the reference'],
    [410, 'Check the reference'],
    [401, 'HF_TOKEN'],
    [403, 'HF_TOKEN'],
  ])('does not try again after %d', async (status, hint) => {
    await using site = await createDownloadSite();
    await using server = await serve((_request, response) => {
      response.writeHead(status, { 'x-error-code': 'Because' }).end('the reason, at length');
    });

    const downloading = downloadFile(
      pinned(`${server.url}/file?signature=secret`, site, randomBytes(10)),
      quickOptions(),
    );

    await expect(downloading).rejects.toMatchObject({
      code: 'DOWNLOAD_REFUSED',
      detail: { url: `${server.url}/file`, status, reason: 'Because' },
      hint: expect.stringContaining(hint) as unknown,
    });
    expect(server.requests).toHaveLength(1);
    expect(await readdir(site.folder)).toEqual([]);
  });

  it.each([503, 500, 429, 408])('tries again after %d', async (status) => {
    await using site = await createDownloadSite();
    const content = randomBytes(1000);
    await using server = await serve((request, response) => {
      if (server.requests.length < 3) response.writeHead(status).end('later');
      else sendFile(content)(request, response);
    });

    await downloadFile(pinned(server.url, site, content), quickOptions());

    expect(server.requests).toHaveLength(3);
    expect(sha256Of(await readFile(site.destination))).toBe(sha256Of(content));
  });

  it('gives up after the fourth 503', async () => {
    await using site = await createDownloadSite();
    await using server = await serve((_request, response) => {
      response.writeHead(503).end('later');
    });

    const downloading = downloadFile(pinned(server.url, site, randomBytes(10)), quickOptions());

    await expect(downloading).rejects.toMatchObject({
      code: 'DOWNLOAD_REFUSED',
      detail: { status: 503, reason: 'HTTP 503' },
    });
    expect(server.requests).toHaveLength(4);
  });
});
