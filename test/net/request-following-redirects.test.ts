import { describe, expect, it } from 'vitest';
import { createDataHost } from '../../src/host/create-data-host.ts';
import { createFetch } from '../../src/net/create-fetch.ts';
import { requestFollowingRedirects } from '../../src/net/request-following-redirects.ts';
import { serve } from '../support/serve.ts';

describe('requestFollowingRedirects', () => {
  it('sends the method and the headers, and asks for no compression', async () => {
    await using server = await serve((_request, response) => response.end());

    await requestFollowingRedirects(createFetch(createDataHost()), server.url, {
      method: 'HEAD',
      headers: { range: 'bytes=5-' },
    });

    const [request] = server.requests;
    expect(request?.method).toBe('HEAD');
    expect(request?.headers).toMatchObject({
      range: 'bytes=5-',
      // undici adds its own to a request for a range.
      'accept-encoding': expect.stringMatching(/^identity(?:, identity)?$/) as unknown,
      'user-agent': 'llcuda',
    });
  });

  it.each([301, 302, 303, 307, 308])('follows a %d to a relative address', async (status) => {
    await using server = await serve((request, response) => {
      if (request.url === '/a/b') response.writeHead(status, { location: '../c?d' }).end();
      else response.end();
    });

    const response = await requestFollowingRedirects(
      createFetch(createDataHost()),
      `${server.url}/a/b`,
    );

    expect(response.status).toBe(200);
    expect(server.requests.map(({ url }) => url)).toEqual(['/a/b', '/c?d']);
  });

  it.each([400, 404, 500])('gives a %d as an answer', async (status) => {
    await using server = await serve((_request, response) => response.writeHead(status).end());

    const response = await requestFollowingRedirects(createFetch(createDataHost()), server.url);

    expect(response.status).toBe(status);
  });

  it('gives a redirect without an address as an answer', async () => {
    await using server = await serve((_request, response) => response.writeHead(304).end());

    const response = await requestFollowingRedirects(createFetch(createDataHost()), server.url);

    expect(response.status).toBe(304);
  });

  it('follows ten redirects', async () => {
    await using server = await serve((_request, response) => {
      const { length } = server.requests;
      if (length <= 10) response.writeHead(302, { location: `/${length}` }).end();
      else response.end();
    });

    const response = await requestFollowingRedirects(createFetch(createDataHost()), server.url);

    expect(response.status).toBe(200);
    expect(server.requests).toHaveLength(11);
  });

  it.each([
    ['an absolute address', (url: string) => `${url}/blob`],
    ['an address without a scheme', (url: string) => url.replace('http:', '')],
  ])('stops at %s where only relative ones are to be followed', async (_what, locationOf) => {
    await using storage = await serve((_request, response) => response.end());
    await using hub = await serve((request, response) => {
      const location = request.url === '/old' ? '/new' : locationOf(storage.url);
      response.writeHead(302, { location, 'x-linked-size': '7' }).end();
    });

    const response = await requestFollowingRedirects(
      createFetch(createDataHost()),
      `${hub.url}/old`,
      { follow: 'relative' },
    );

    expect(response.status).toBe(302);
    expect(response.headers.get('x-linked-size')).toBe('7');
    expect(hub.requests.map(({ url }) => url)).toEqual(['/old', '/new']);
    expect(storage.requests).toEqual([]);
  });

  it.each([
    ['plain http on another machine', 'http://192.0.2.1/', 'refusing http: URLs'],
    ['a file', 'file:///etc/passwd', 'refusing file: URLs'],
    ['inline data', 'data:,GGUF', 'refusing data: URLs'],
    ['no URL', 'http://[', 'it redirects to no URL'],
  ])('refuses a redirect to %s', async (_what, location, reason) => {
    await using server = await serve((_request, response) => {
      response.writeHead(302, { location }).end();
    });

    const asking = requestFollowingRedirects(createFetch(createDataHost()), server.url);

    await expect(asking).rejects.toMatchObject({
      code: 'DOWNLOAD_UNREACHABLE',
      detail: { reason },
    });
  });

  it('asks nobody for a URL that may not be fetched', async () => {
    const asking = requestFollowingRedirects(createFetch(createDataHost()), 'http://192.0.2.1/');

    await expect(asking).rejects.toMatchObject({
      code: 'DOWNLOAD_UNREACHABLE',
      detail: { url: 'http://192.0.2.1/', reason: 'refusing http: URLs' },
    });
  });

  it('names text that is no URL, as HF_ENDPOINT may be', async () => {
    const asking = requestFollowingRedirects(
      createFetch(createDataHost()),
      'hub.example/owner/repo',
    );

    await expect(asking).rejects.toMatchObject({ code: 'DOWNLOAD_UNREACHABLE' });
  });

  it.each([
    ['a password in the URL', 'http://user:secret@127.0.0.1:3/file', {}],
    ['a token that no header can hold', 'http://127.0.0.1:3/', { bearerToken: 'hf_\nsecret' }],
    ['a query', 'http://127.0.0.1:3/?key=secret', {}],
  ])('does not show %s when the request cannot be sent', async (_what, url, request) => {
    const error: unknown = await requestFollowingRedirects(
      createFetch(createDataHost()),
      url,
      request,
    ).catch((reason: unknown) => reason);

    expect(error).toMatchObject({ code: 'DOWNLOAD_UNREACHABLE' });
    const { message, detail } = error as { message: string; detail: unknown };
    expect(message).not.toContain('secret');
    expect(JSON.stringify(detail)).not.toContain('secret');
  });

  it('rejects with the reason of the signal', async () => {
    const controller = new AbortController();
    const reason = new Error('enough');
    await using server = await serve(() => controller.abort(reason));

    const asking = requestFollowingRedirects(createFetch(createDataHost()), server.url, {
      signal: controller.signal,
    });

    await expect(asking).rejects.toBe(reason);
  });
});
