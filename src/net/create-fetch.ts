import type { Pool } from 'undici';
import type { Host } from '../host/host.ts';
import type { HttpFetch } from './http-fetch.ts';

/** Time to reach a host. A network that swallows packets fails after this, not after minutes. */
const CONNECT_TIMEOUT_MS = 10_000;
/** Time until the first byte of an answer. */
const HEADERS_TIMEOUT_MS = 30_000;
const ANSWER_TIMEOUT_MS = CONNECT_TIMEOUT_MS + HEADERS_TIMEOUT_MS;
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
  const { EnvHttpProxyAgent, Pool, fetch } = await import('undici');
  const proxy = (name: string): string => host.env[name.toLowerCase()] ?? host.env[name] ?? '';
  const dispatcher = new EnvHttpProxyAgent({
    httpProxy: proxy('HTTP_PROXY'),
    httpsProxy: proxy('HTTPS_PROXY'),
    noProxy: proxy('NO_PROXY'),
    connect: { timeout: CONNECT_TIMEOUT_MS },
    headersTimeout: HEADERS_TIMEOUT_MS,
    bodyTimeout: BODY_TIMEOUT_MS,
    factory: (origin, options) => new Pool(origin, connectingOnce(options)),
  });
  return async (url, request) => {
    // The limits above do not reach the CONNECT of a proxy.
    const late = new AbortController();
    const timer = setTimeout(() => {
      late.abort(Object.assign(new Error('no answer'), { code: 'ETIMEDOUT' }));
    }, ANSWER_TIMEOUT_MS);
    const signals = request.signal ? [request.signal, late.signal] : [late.signal];
    try {
      return await fetch(url, { ...request, signal: AbortSignal.any(signals), dispatcher });
    } finally {
      clearTimeout(timer);
    }
  };
}

/**
 * undici tries again without end or pause when a proxy hangs up on CONNECT, since it takes a
 * `SocketError` for the end of an idle connection: hand it another error.
 */
function connectingOnce(options: Pool.Options): Pool.Options {
  const { connect } = options;
  if (typeof connect !== 'function') return options;
  return {
    ...options,
    connect: (target, callback) => {
      connect(target, (...[error, socket]) => {
        if (error === null) callback(null, socket);
        else callback(new Error(error.message, { cause: error }), null);
      });
    },
  };
}
