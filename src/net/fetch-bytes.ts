import { setTimeout as sleep } from 'node:timers/promises';
import { checkLimit } from '../bytes/check-limit.ts';
import { LlcudaError } from '../errors/llcuda-error.ts';
import type { HttpFetch } from './http-fetch.ts';
import { isWorthRetrying } from './is-worth-retrying.ts';
import { redactUrl } from './redact-url.ts';
import { requestFollowingRedirects } from './request-following-redirects.ts';

const MAX_ATTEMPTS = 3;
const RETRY_DELAY_MS = 500;

export interface FetchBytesOptions {
  readonly fetch: HttpFetch;
  /** A longer answer ends it. */
  readonly maximumBytes: number;
  /** First pause between attempts, in milliseconds. @defaultValue 500 */
  readonly retryDelayMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Fetches something small into memory. Throws `DOWNLOAD_UNREACHABLE`, `DOWNLOAD_REFUSED`, `DOWNLOAD_INTERRUPTED`,
 * `BINARY_TOO_LARGE`.
 */
export async function fetchBytes(url: string, options: FetchBytesOptions): Promise<Buffer> {
  const { signal, retryDelayMs = RETRY_DELAY_MS } = options;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await fetchOnce(url, options);
    } catch (error) {
      signal?.throwIfAborted();
      if (attempt >= MAX_ATTEMPTS || !isWorthRetrying(error)) throw error;
    }
    await sleep(retryDelayMs * 2 ** (attempt - 1), undefined, signal ? { signal } : {});
  }
}

async function fetchOnce(
  url: string,
  { fetch, maximumBytes, signal }: FetchBytesOptions,
): Promise<Buffer> {
  const response = await requestFollowingRedirects(fetch, url, { signal });
  if (response.status !== 200) {
    await response.body?.cancel();
    throw refused(url, response.status);
  }
  const chunks: Uint8Array[] = [];
  let receivedBytes = 0;
  try {
    for await (const chunk of response.body ?? []) {
      receivedBytes += chunk.length;
      checkLimit('download.sizeBytes', receivedBytes, maximumBytes);
      chunks.push(chunk);
    }
  } catch (error) {
    signal?.throwIfAborted();
    if (LlcudaError.is(error)) throw error;
    throw interrupted(url, receivedBytes, error);
  }
  return Buffer.concat(chunks);
}

function refused(url: string, status: number): LlcudaError {
  const name = redactUrl(url);
  const reason = `HTTP ${status}`;
  return new LlcudaError(
    'DOWNLOAD_REFUSED',
    `${new URL(url).host} answered ${status} for ${name}`,
    {
      detail: { url: name, status, reason },
      hint: 'Check the address.',
    },
  );
}

function interrupted(url: string, receivedBytes: number, cause: unknown): LlcudaError {
  const name = redactUrl(url);
  return new LlcudaError('DOWNLOAD_INTERRUPTED', `The download of ${name} broke off`, {
    detail: { url: name, receivedBytes },
    hint: 'Run the same command again.',
    cause,
  });
}
