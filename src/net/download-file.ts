import { setTimeout as sleep } from 'node:timers/promises';
import { LlcudaError } from '../errors/llcuda-error.ts';
import type { ProgressSink } from '../events/progress-event.ts';
import type { HttpFetch, HttpResponse } from './http-fetch.ts';
import { isWorthRetrying } from './is-worth-retrying.ts';
import { redactUrl } from './redact-url.ts';
import { requestFollowingRedirects } from './request-following-redirects.ts';
import { PartialFile } from './partial-file.ts';

/** Attempts in a row that bring nothing before a download gives up. */
const MAX_FRUITLESS_ATTEMPTS = 4;
/** First pause between attempts; it doubles each time. */
const RETRY_DELAY_MS = 500;

export interface DownloadRequest {
  readonly url: string;
  /** The file gets this name only after its size and hash are right. */
  readonly destination: string;
  /** What progress events call it. */
  readonly label: string;
  readonly expectedBytes?: number | undefined;
  /** Lower-case hex. Without it nothing of an earlier run is reused. */
  readonly expectedSha256?: string | undefined;
  /** Sent to the origin of `url` only. */
  readonly bearerToken?: string | undefined;
}

export interface DownloadOptions {
  readonly fetch: HttpFetch;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ProgressSink | undefined;
  /** First pause between attempts, in milliseconds. @defaultValue 500 */
  readonly retryDelayMs?: number | undefined;
}

export interface DownloadResult {
  readonly sizeBytes: number;
  /** Lower-case hex of what was written. */
  readonly sha256: string;
}

/**
 * Fetches a file into `destination`. What arrives is kept in `destination.partial`, so that a broken
 * or killed download goes on where it stopped; the name is given after size and SHA-256 are checked.
 * Run it while holding the lock of the destination.
 *
 * Throws `DOWNLOAD_UNREACHABLE`, `DOWNLOAD_REFUSED`, `DOWNLOAD_INTERRUPTED`, `DOWNLOAD_MISMATCH`,
 * `DISK_FULL`, `STORE_NOT_WRITABLE`.
 */
export async function downloadFile(
  request: DownloadRequest,
  options: DownloadOptions,
): Promise<DownloadResult> {
  await using partial = await PartialFile.open(request.destination, {
    isReusable: request.expectedSha256 !== undefined,
    maximumBytes: request.expectedBytes,
    signal: options.signal,
  });
  // The bytes of an earlier run may be the bad ones: they get one fresh start.
  for (let isFresh = partial.sizeBytes === 0; ; isFresh = true) {
    try {
      await receive(request, options, partial);
      return await partial.finish({ ...request, origin: redactUrl(request.url) }, options.signal);
    } catch (error) {
      // Bytes that proved wrong are gone. Those that were kept are not to blame.
      const wasCleared = partial.sizeBytes === 0;
      if (isFresh || !wasCleared || !LlcudaError.is(error, 'DOWNLOAD_MISMATCH')) throw error;
    }
  }
}

async function receive(
  request: DownloadRequest,
  options: DownloadOptions,
  partial: PartialFile,
): Promise<void> {
  // Measured against the most that was ever there: a server that makes us start anew may send the same
  // bytes again and again.
  const { sizeBytes: startBytes } = partial;
  let mostBytes = startBytes;
  const version: FileVersion = { validator: undefined };
  for (let fruitless = 0; ;) {
    options.signal?.throwIfAborted();
    try {
      await receiveOnce(request, options, partial, version);
      return;
    } catch (error) {
      options.signal?.throwIfAborted();
      fruitless = partial.sizeBytes > mostBytes ? 1 : fruitless + 1;
      mostBytes = Math.max(mostBytes, partial.sizeBytes);
      // A host that has sent something is there, even when it cannot be reached for a moment.
      const isBlip = mostBytes > startBytes && LlcudaError.is(error, 'DOWNLOAD_UNREACHABLE');
      if (!isBlip && !isWorthRetrying(error)) throw error;
      if (fruitless >= MAX_FRUITLESS_ATTEMPTS) throw error;
    }
    const delayMs = (options.retryDelayMs ?? RETRY_DELAY_MS) * 2 ** (fruitless - 1);
    const sleeping = sleep(delayMs, undefined, options.signal ? { signal: options.signal } : {});
    // Aborted, it rejects with an error of its own: the loop throws the reason of the signal.
    await sleeping.catch(() => undefined);
  }
}

/** What tells whether a file without a pinned hash is still the one whose beginning was received. */
interface FileVersion {
  /** Strong ETag, else Last-Modified: what If-Range takes. */
  validator: string | undefined;
}

async function receiveOnce(
  request: DownloadRequest,
  options: DownloadOptions,
  partial: PartialFile,
  version: FileVersion,
): Promise<void> {
  if (request.expectedBytes !== undefined && partial.sizeBytes === request.expectedBytes) return;
  // Without a hash to judge the whole, two versions of a file must not be joined.
  const isSafeToResume = request.expectedSha256 !== undefined || version.validator !== undefined;
  if (!isSafeToResume) await partial.clear();
  const response = await requestFollowingRedirects(options.fetch, request.url, {
    headers: partial.sizeBytes > 0 ? rangeHeaders(partial, version) : {},
    bearerToken: request.bearerToken,
    signal: options.signal,
  });
  version.validator = findValidator(response);
  const totalBytes = await acceptAnswer(request, response, partial);
  await partial.checkRoomFor(totalBytes).catch(async (error: unknown) => {
    // A body that nobody reads would keep the connection, and with it the process, alive.
    await response.body?.cancel();
    throw error;
  });
  const { onProgress } = options;
  onProgress?.({
    type: 'transfer',
    label: request.label,
    doneBytes: partial.sizeBytes,
    totalBytes,
  });
  try {
    for await (const chunk of response.body ?? []) {
      await partial.append(chunk);
      if (totalBytes !== undefined && partial.sizeBytes > totalBytes) {
        const actualBytes = partial.sizeBytes;
        await partial.clear();
        throw mismatch(request, { expectedBytes: totalBytes, actualBytes });
      }
      onProgress?.({
        type: 'transfer',
        label: request.label,
        doneBytes: partial.sizeBytes,
        totalBytes,
      });
    }
  } catch (error) {
    options.signal?.throwIfAborted();
    if (LlcudaError.is(error)) throw error;
    throw interrupted(request, partial, error);
  }
  if (totalBytes !== undefined && partial.sizeBytes < totalBytes)
    throw interrupted(request, partial);
}

function rangeHeaders(partial: PartialFile, { validator }: FileVersion): Record<string, string> {
  const range = `bytes=${partial.sizeBytes}-`;
  return validator === undefined ? { range } : { range, 'if-range': validator };
}

function findValidator(response: HttpResponse): string | undefined {
  const etag = response.headers.get('etag');
  if (etag !== null && !etag.startsWith('W/')) return etag;
  return response.headers.get('last-modified') ?? undefined;
}

/** Checks the answer to a (ranged) request and says how long the whole file is, where that is known. */
async function acceptAnswer(
  request: DownloadRequest,
  response: HttpResponse,
  partial: PartialFile,
): Promise<number | undefined> {
  if (response.status === 416) {
    await response.body?.cancel();
    await partial.clear();
    throw interrupted(request, partial, new Error('the server refuses the range'));
  }
  if (response.status !== 200 && response.status !== 206) {
    await response.body?.cancel();
    throw refused(request, response);
  }
  const range = parseContentRange(response.headers.get('content-range'));
  const isContinued = response.status === 206 && range?.startByte === partial.sizeBytes;
  if (response.status === 206 && !isContinued) {
    await response.body?.cancel();
    await partial.clear();
    throw interrupted(request, partial, new Error('the server sent another range than asked for'));
  }
  const length = parseLength(response.headers.get('content-length'));
  const totalBytes = isContinued ? range.totalBytes : length;
  const { expectedBytes } = request;
  if (expectedBytes !== undefined && totalBytes !== undefined && totalBytes !== expectedBytes) {
    await response.body?.cancel();
    throw mismatch(request, { expectedBytes, actualBytes: totalBytes });
  }
  // A server that ignores Range starts anew: so do we.
  if (!isContinued) await partial.clear();
  return expectedBytes ?? totalBytes;
}

function parseContentRange(
  text: string | null,
): { startByte: number; totalBytes: number | undefined } | undefined {
  const match = /^bytes (\d{1,15})-\d{1,15}\/(\d{1,15}|\*)$/.exec(text ?? '');
  if (!match) return undefined;
  return { startByte: Number(match[1]), totalBytes: parseLength(match[2] ?? null) };
}

function parseLength(text: string | null): number | undefined {
  return text !== null && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}

function refused(request: DownloadRequest, response: HttpResponse): LlcudaError {
  const reason = response.headers.get('x-error-code') ?? `HTTP ${response.status}`;
  const needsToken = response.status === 401 || response.status === 403;
  return new LlcudaError(
    'DOWNLOAD_REFUSED',
    `${new URL(request.url).host} answered ${response.status} (${reason}) for ${redactUrl(request.url)}`,
    {
      detail: { url: redactUrl(request.url), status: response.status, reason },
      hint: needsToken
        ? 'Accept the licence on the model page and set HF_TOKEN, or check that the repository exists.'
        : 'Check the reference; run `llcuda models` for the names that are known.',
    },
  );
}

function interrupted(request: DownloadRequest, partial: PartialFile, cause?: unknown): LlcudaError {
  return new LlcudaError(
    'DOWNLOAD_INTERRUPTED',
    `The download of ${request.label} from ${new URL(request.url).host} broke off`,
    {
      detail: {
        url: redactUrl(request.url),
        receivedBytes: partial.sizeBytes,
        ...(request.expectedBytes !== undefined && { expectedBytes: request.expectedBytes }),
      },
      hint: 'Run the same command again: it goes on where it stopped.',
      cause,
    },
  );
}

function mismatch(
  request: DownloadRequest,
  sizes: { expectedBytes: number; actualBytes: number },
): LlcudaError {
  return new LlcudaError(
    'DOWNLOAD_MISMATCH',
    `${redactUrl(request.url)} has ${sizes.actualBytes} bytes, not the ${sizes.expectedBytes} expected`,
    {
      detail: { url: redactUrl(request.url), ...sizes },
      hint: 'The source was changed, or a proxy rewrites it. Nothing of it was kept.',
    },
  );
}
