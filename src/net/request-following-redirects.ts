import { LlcudaError } from '../errors/llcuda-error.ts';
import type { HttpFetch, HttpResponse } from './http-fetch.ts';
import { isAllowedUrl } from './is-allowed-url.ts';
import { redactUrl } from './redact-url.ts';

/** The hub needs two; a chain this long is a loop. */
const MAX_REDIRECTS = 10;

export interface FollowedRequest {
  readonly method?: 'GET' | 'HEAD';
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent to the first origin only, never to where it redirects. */
  readonly bearerToken?: string | undefined;
  /** Which redirects to follow; `relative` stops at one that names another place. @defaultValue 'all' */
  readonly follow?: 'all' | 'relative';
  /** Called with each URL that a redirect leads to. */
  readonly onRedirect?: ((url: URL) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * One request, its redirects followed. Throws `DOWNLOAD_UNREACHABLE` when no answer comes, when the
 * chain does not end, or when it leaves https. An HTTP error status is an answer.
 */
export async function requestFollowingRedirects(
  fetch: HttpFetch,
  url: string,
  request: FollowedRequest = {},
): Promise<HttpResponse> {
  if (!URL.canParse(url)) throw notAnUrl(url);
  let current = new URL(url);
  for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects += 1) {
    if (!isAllowedUrl(current)) throw unreachable(current, `refusing ${current.protocol} URLs`);
    const response = await send(fetch, current, new URL(url).origin, request);
    const location = response.headers.get('location');
    if (response.status < 300 || response.status > 399 || location === null) return response;
    if (request.follow === 'relative' && !isRelative(location, current)) return response;
    await response.body?.cancel();
    if (!URL.canParse(location, current.href)) throw unreachable(current, 'it redirects to no URL');
    current = new URL(location, current);
    request.onRedirect?.(current);
  }
  throw unreachable(current, `more than ${MAX_REDIRECTS} redirects`);
}

async function send(
  fetch: HttpFetch,
  url: URL,
  firstOrigin: string,
  request: FollowedRequest,
): Promise<HttpResponse> {
  const mayAuthorize = request.bearerToken !== undefined && url.origin === firstOrigin;
  try {
    return await fetch(url.href, {
      method: request.method ?? 'GET',
      redirect: 'manual',
      headers: {
        'accept-encoding': 'identity',
        'user-agent': 'llcuda',
        ...request.headers,
        ...(mayAuthorize && { authorization: `Bearer ${request.bearerToken}` }),
      },
      ...(request.signal && { signal: request.signal }),
    });
  } catch (error) {
    request.signal?.throwIfAborted();
    throw unreachable(url, reasonOf(error), error);
  }
}

function unreachable(url: URL, reason: string, cause?: unknown): LlcudaError {
  return new LlcudaError('DOWNLOAD_UNREACHABLE', `Cannot reach ${url.host}: ${reason}`, {
    detail: { url: redactUrl(url), reason },
    hint: 'Check the network and HTTPS_PROXY, then run the same command again.',
    cause,
  });
}

function notAnUrl(text: string): LlcudaError {
  const reason = 'the address is no URL';
  return new LlcudaError('DOWNLOAD_UNREACHABLE', `Cannot reach ${text}: ${reason}`, {
    detail: { url: redactUrl(text), reason },
    hint: 'Set HF_ENDPOINT to a URL such as https://huggingface.co, or unset it.',
  });
}

/** Not so an address that begins with `//host`, though it has no scheme. */
function isRelative(location: string, current: URL): boolean {
  if (URL.canParse(location) || !URL.canParse(location, current.href)) return false;
  return new URL(location, current).origin === current.origin;
}

/** undici puts the network error (ENOTFOUND, ECONNREFUSED, a time limit) into `cause`. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  if (!(cause instanceof Error)) return String(cause);
  if ('code' in cause && typeof cause.code === 'string') return cause.code;
  // An error without a cause is about the request, and its text quotes URLs and headers whole.
  return cause === error ? 'the request cannot be sent' : cause.message;
}
