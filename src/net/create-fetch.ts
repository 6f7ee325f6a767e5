import type { Host } from '../host/host.ts';
import type { HttpFetch } from './http-fetch.ts';

/** Time to reach a host. A network that swallows packets fails after this, not after minutes. */
const CONNECT_TIMEOUT_MS = 10_000;
/** Time until the first byte of an answer. */
const HEADERS_TIMEOUT_MS = 30_000;
/** Longest silence inside a body. */
const BODY_TIMEOUT_MS = 60_000;

/** An HTTP client with time limits that honours HTTP_PROXY, HTTPS_PROXY and NO_PROXY of the host. */
export function createFetch(host: Host): HttpFetch {
  let client: Promise<HttpFetch> | undefined;
  return async (url, request) => {
    client ??= createClient(host);
    return (await client)(url, request);
  };
}

async function createClient(host: Host): Promise<HttpFetch> {
  const { EnvHttpProxyAgent, fetch } = await import('undici');
  const proxy = (name: string): string => host.env[name.toLowerCase()] ?? host.env[name] ?? '';
  const dispatcher = new EnvHttpProxyAgent({
    httpProxy: proxy('HTTP_PROXY'),
    httpsProxy: proxy('HTTPS_PROXY'),
    noProxy: proxy('NO_PROXY'),
    connect: { timeout: CONNECT_TIMEOUT_MS },
    headersTimeout: HEADERS_TIMEOUT_MS,
    bodyTimeout: BODY_TIMEOUT_MS,
  });
  return async (url, request) => fetch(url, { ...request, dispatcher });
}
