import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { downloadFile } from '../../src/net/download-file.ts';
import {
  createDownloadSite,
  quickOptions,
  rangeStart,
  sendFileInParts,
  sendThenCut,
} from '../support/download-site.ts';
import { sha256Of } from '../support/gguf-bytes.ts';
import { recordProgress } from '../support/record-progress.ts';
import { sendFile, serve } from '../support/serve.ts';

describe('downloadFile', () => {
  it('gives the file its name, and tells its size and hash', async () => {
    await using site = await createDownloadSite();
    const content = randomBytes(100_000);
    await using server = await serve(sendFile(content));

    const result = await downloadFile(
      { url: `${server.url}/file`, destination: site.destination, label: 'file' },
      quickOptions(),
    );

    expect(result).toEqual({ sizeBytes: content.length, sha256: sha256Of(content) });
    expect(sha256Of(await readFile(site.destination))).toBe(sha256Of(content));
    expect(await readdir(site.folder)).toEqual(['model.gguf']);
  });

  it('takes an empty file', async () => {
    await using site = await createDownloadSite();
    await using server = await serve(sendFile(Buffer.of()));

    const result = await downloadFile(
      { url: server.url, destination: site.destination, label: 'file' },
      quickOptions(),
    );

    expect(result).toEqual({ sizeBytes: 0, sha256: sha256Of(Buffer.of()) });
    expect(await readdir(site.folder)).toEqual(['model.gguf']);
  });

  it('asks for exactly the bytes that an earlier run did not get', async () => {
    await using site = await createDownloadSite();
    const content = randomBytes(50_000);
    await mkdir(site.folder);
    await writeFile(site.partial, content.subarray(0, 12_345));
    await using server = await serve(sendFile(content));

    await downloadFile(
      {
        url: server.url,
        destination: site.destination,
        label: 'file',
        expectedBytes: content.length,
        expectedSha256: sha256Of(content),
      },
      quickOptions(),
    );

    expect(server.requests.map(({ headers }) => headers.range)).toEqual(['bytes=12345-']);
    expect(sha256Of(await readFile(site.destination))).toBe(sha256Of(content));
  });

  it('asks nobody when an earlier run got every byte', async () => {
    await using site = await createDownloadSite();
    const content = randomBytes(1000);
    await mkdir(site.folder);
    await writeFile(site.partial, content);
    await using server = await serve(sendFile(content));

    await downloadFile(
      {
        url: server.url,
        destination: site.destination,
        label: 'file',
        expectedBytes: content.length,
        expectedSha256: sha256Of(content),
      },
      quickOptions(),
    );

    expect(server.requests).toEqual([]);
    expect(sha256Of(await readFile(site.destination))).toBe(sha256Of(content));
  });

  it('starts anew where no hash could judge the bytes of an earlier run', async () => {
    await using site = await createDownloadSite();
    const content = randomBytes(1000);
    await mkdir(site.folder);
    await writeFile(site.partial, 'from another file');
    await using server = await serve(sendFile(content));

    await downloadFile(
      {
        url: server.url,
        destination: site.destination,
        label: 'file',
        expectedBytes: content.length,
      },
      quickOptions(),
    );

    expect(server.requests.map(({ headers }) => headers.range)).toEqual([undefined]);
    expect(sha256Of(await readFile(site.destination))).toBe(sha256Of(content));
  });

  it('starts anew when the partial file is longer than the pinned one', async () => {
    await using site = await createDownloadSite();
    const content = randomBytes(1000);
    await mkdir(site.folder);
    await writeFile(site.partial, randomBytes(1001));
    await using server = await serve(sendFile(content));

    await downloadFile(
      {
        url: server.url,
        destination: site.destination,
        label: 'file',
        expectedBytes: content.length,
        expectedSha256: sha256Of(content),
      },
      quickOptions(),
    );

    expect(server.requests.map(({ headers }) => headers.range)).toEqual([undefined]);
    expect(sha256Of(await readFile(site.destination))).toBe(sha256Of(content));
  });

  it('makes one fresh start when the partial file of an earlier run is corrupted', async () => {
    await using site = await createDownloadSite();
    const content = randomBytes(1000);
    await mkdir(site.folder);
    await writeFile(site.partial, randomBytes(400));
    await using server = await serve(sendFile(content));

    await downloadFile(
      {
        url: server.url,
        destination: site.destination,
        label: 'file',
        expectedBytes: content.length,
        expectedSha256: sha256Of(content),
      },
      quickOptions(),
    );

    expect(server.requests.map(({ headers }) => headers.range)).toEqual(['bytes=400-', undefined]);
    expect(sha256Of(await readFile(site.destination))).toBe(sha256Of(content));
  });

  it('goes on by itself when the connection is cut in the middle', async () => {
    await using site = await createDownloadSite();
    const content = randomBytes(90_000);
    const cuts = [30_000, 20_000];
    await using server = await serve(sendFileInParts(content, site, () => cuts.shift()));

    const result = await downloadFile(
      { url: server.url, destination: site.destination, label: 'file' },
      quickOptions(),
    );

    expect(result.sha256).toBe(sha256Of(content));
    expect(server.requests.map(rangeStart)).toEqual([0, 30_000, 50_000]);
  });

  it('goes on by itself when a host that was there does not answer for a moment', async () => {
    await using site = await createDownloadSite();
    const content = randomBytes(90_000);
    const cuts = [30_000];
    const send = sendFileInParts(content, site, () => cuts.shift());
    await using server = await serve((request, response) => {
      if (server.requests.length === 2) request.socket.destroy();
      else send(request, response);
    });

    const result = await downloadFile(
      { url: server.url, destination: site.destination, label: 'file' },
      quickOptions(),
    );

    expect(result.sha256).toBe(sha256Of(content));
    expect(server.requests.map(rangeStart)).toEqual([0, 30_000, 30_000]);
  });

  it('never joins two versions of a file that nothing pins', async () => {
    await using site = await createDownloadSite();
    const [older, newer] = [randomBytes(90_000), randomBytes(90_000)];
    await using server = await serve((request, response) => {
      const isFirst = server.requests.length === 1;
      // As the protocol asks: another version than If-Range names is sent whole.
      expect(request.headers['if-range']).toBe(isFirst ? undefined : '"older"');
      response.writeHead(200, { 'content-length': 90_000, etag: isFirst ? '"older"' : '"newer"' });
      if (isFirst)
        sendThenCut(response, older.subarray(0, 40_000), { ...site, untilBytes: 40_000 });
      else response.end(newer);
    });

    const result = await downloadFile(
      { url: server.url, destination: site.destination, label: 'file' },
      quickOptions(),
    );

    expect(result.sha256).toBe(sha256Of(newer));
  });

  it('starts anew when nothing tells whether an unpinned file is still the same', async () => {
    await using site = await createDownloadSite();
    const content = randomBytes(90_000);
    await using server = await serve((_request, response) => {
      response.writeHead(200, { 'content-length': content.length });
      if (server.requests.length > 1) response.end(content);
      else sendThenCut(response, content.subarray(0, 40_000), { ...site, untilBytes: 40_000 });
    });

    await downloadFile(
      { url: server.url, destination: site.destination, label: 'file' },
      quickOptions(),
    );

    expect(server.requests.map(({ headers }) => headers.range)).toEqual([undefined, undefined]);
  });

  it('keeps what it has when a login page answers instead of the host', async () => {
    await using site = await createDownloadSite();
    const content = randomBytes(1000);
    await mkdir(site.folder);
    await writeFile(site.partial, content.subarray(0, 900));
    await using server = await serve((_request, response) => response.end('Sign in'));
    const request = {
      url: server.url,
      destination: site.destination,
      label: 'file',
      expectedBytes: content.length,
      expectedSha256: sha256Of(content),
    };

    await expect(downloadFile(request, quickOptions())).rejects.toMatchObject({
      code: 'DOWNLOAD_MISMATCH',
      detail: { expectedBytes: 1000, actualBytes: 7 },
    });

    await expect(readFile(site.partial)).resolves.toEqual(content.subarray(0, 900));
  });

  it('gets the right file from a server that ignores ranges', async () => {
    await using site = await createDownloadSite();
    const content = randomBytes(90_000);
    await using server = await serve((_request, response) => {
      response.writeHead(200, { 'content-length': content.length });
      if (server.requests.length > 1) response.end(content);
      else sendThenCut(response, content.subarray(0, 40_000), { ...site, untilBytes: 40_000 });
    });

    await downloadFile(
      {
        url: server.url,
        destination: site.destination,
        label: 'file',
        expectedSha256: sha256Of(content),
      },
      quickOptions(),
    );

    expect(server.requests.map(({ headers }) => headers.range)).toEqual([
      undefined,
      'bytes=40000-',
    ]);
    expect(sha256Of(await readFile(site.destination))).toBe(sha256Of(content));
  });

  it('reports bytes that never fall and end at the total, also when the connection is cut', async () => {
    await using site = await createDownloadSite();
    const content = randomBytes(300_000);
    const cuts = [100_000];
    await using server = await serve(sendFileInParts(content, site, () => cuts.shift()));
    const progress = recordProgress();

    await downloadFile(
      { url: server.url, destination: site.destination, label: 'the model' },
      { ...quickOptions(), onProgress: progress.onProgress },
    );

    const done = progress.transfers().map(({ doneBytes }) => doneBytes);
    expect(done).toEqual([...done].sort((left, right) => left - right));
    expect(done[0]).toBe(0);
    expect(progress.transfers().at(-1)).toEqual({
      type: 'transfer',
      label: 'the model',
      doneBytes: content.length,
      totalBytes: content.length,
    });
  });

  it('begins its report at what an earlier run got', async () => {
    await using site = await createDownloadSite();
    const content = randomBytes(1000);
    await mkdir(site.folder);
    await writeFile(site.partial, content.subarray(0, 600));
    await using server = await serve(sendFile(content));
    const progress = recordProgress();

    await downloadFile(
      {
        url: server.url,
        destination: site.destination,
        label: 'file',
        expectedSha256: sha256Of(content),
      },
      { ...quickOptions(), onProgress: progress.onProgress },
    );

    expect(progress.transfers()[0]).toMatchObject({ doneBytes: 600, totalBytes: 1000 });
  });

  it('gets the exact content wherever the connection is cut', async () => {
    const parts = fc.array(fc.integer({ min: 1, max: 30_000 }), { maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ minLength: 1, maxLength: 40_000 }),
        parts,
        async (content, cuts) => {
          await using site = await createDownloadSite();
          const left = [...cuts];
          await using server = await serve(sendFileInParts(content, site, () => left.shift()));

          await downloadFile(
            {
              url: server.url,
              destination: site.destination,
              label: 'file',
              expectedBytes: content.length,
              expectedSha256: sha256Of(content),
            },
            quickOptions(),
          );

          expect(sha256Of(await readFile(site.destination))).toBe(sha256Of(content));
          expect(await readdir(site.folder)).toEqual(['model.gguf']);
        },
      ),
      { numRuns: 25 },
    );
  });
});
