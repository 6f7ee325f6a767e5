import { createServer, request as sendRequest } from 'node:http';
import { once } from 'node:events';
import { connect, type AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { createDataHost } from '../../src/host/create-data-host.ts';
import { createFetch } from '../../src/net/create-fetch.ts';
import type { HttpRequest } from '../../src/net/http-fetch.ts';
import { serve } from '../support/serve.ts';

const get: HttpRequest = { headers: {}, redirect: 'manual' };

interface LoopbackProxy extends AsyncDisposable {
  readonly url: string;
  /** What was asked of it: `CONNECT host:port`, or a method and an absolute URL. */
  readonly asked: readonly string[];
}

/** A forward proxy on loopback that takes both ways in which clients ask. */
async function startProxy(): Promise<LoopbackProxy> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    const { method, headers } = request;
    const onward = sendRequest(request.url ?? '', { method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    request.pipe(onward);
  });
  server.on('connect', (request, socket) => {
    asked.push(`CONNECT ${request.url}`);
    const [host, port] = (request.url ?? '').split(':');
    const onward = connect(Number(port), host, () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      onward.pipe(socket).pipe(onward);
    });
    onward.on('error', () => socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n'));
    socket.on('error', () => onward.destroy());
    socket.on('close', () => onward.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
    },
  };
}

describe('createFetch', () => {
  it('asks the host of the URL itself where no proxy is set', async () => {
    await using server = await serve((_request, response) => response.end('hello'));
    const fetch = createFetch(createDataHost());

    const response = await fetch(server.url, get);
    const chunks: Uint8Array[] = [];
    for await (const chunk of response.body ?? []) chunks.push(chunk);

    expect(response.status).toBe(200);
    expect(Buffer.concat(chunks).toString()).toBe('hello');
  });

  it('does not follow redirects by itself', async () => {
    await using server = await serve((_request, response) => {
      response.writeHead(302, { location: '/elsewhere' }).end();
    });
    const fetch = createFetch(createDataHost());

    const response = await fetch(server.url, get);

    expect(response.status).toBe(302);
    expect(response.headers.get('location')).toBe('/elsewhere');
    expect(server.requests).toHaveLength(1);
  });

  it.each(['HTTP_PROXY', 'http_proxy'])('goes through the proxy of %s', async (name) => {
    await using server = await serve((_request, response) => response.end('hello'));
    await using proxy = await startProxy();
    const fetch = createFetch(createDataHost({ env: { [name]: proxy.url } }));

    const response = await fetch(`${server.url}/file`, get);
    await response.body?.cancel();

    const { host } = new URL(server.url);
    expect(response.status).toBe(200);
    expect(proxy.asked).toHaveLength(1);
    expect([`CONNECT ${host}`, `GET ${server.url}/file`]).toContain(proxy.asked[0]);
    expect(server.requests).toHaveLength(1);
  });

  it.each([
    ['refuses', 'HTTP/1.1 502 Bad Gateway\r\n\r\n'],
    ['asks for a password', 'HTTP/1.1 407 Proxy Authentication Required\r\n\r\n'],
    ['hangs up', ''],
  ])('asks the proxy of HTTPS_PROXY once when it %s', async (_what, answer) => {
    const asked: (string | undefined)[] = [];
    const server = createServer().on('connect', (request, socket) => {
      asked.push(request.url);
      socket.end(answer);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const fetch = createFetch(createDataHost({ env: { HTTPS_PROXY: `http://127.0.0.1:${port}` } }));

    const asking = fetch('https://hub.invalid/file', { ...get, signal: AbortSignal.timeout(5000) });

    await expect(asking).rejects.toThrow('fetch failed');
    expect(asked).toEqual(['hub.invalid:443']);
    server.close();
  });

  it('goes around the proxy for the hosts of NO_PROXY', async () => {
    await using server = await serve((_request, response) => response.end('hello'));
    await using proxy = await startProxy();
    const fetch = createFetch(
      createDataHost({ env: { HTTP_PROXY: proxy.url, NO_PROXY: 'localhost,127.0.0.1' } }),
    );

    const response = await fetch(server.url, get);
    await response.body?.cancel();

    expect(response.status).toBe(200);
    expect(proxy.asked).toEqual([]);
  });

  it('prefers the variable in small letters, as curl does', async () => {
    await using server = await serve((_request, response) => response.end('hello'));
    await using proxy = await startProxy();
    const fetch = createFetch(
      createDataHost({ env: { HTTP_PROXY: 'http://127.0.0.1:3', http_proxy: proxy.url } }),
    );

    const response = await fetch(server.url, get);
    await response.body?.cancel();

    expect(response.status).toBe(200);
    expect(proxy.asked).toHaveLength(1);
  });
});
