import { setTimeout as sleep } from 'node:timers/promises';
import { LlcudaError } from '../errors/llcuda-error.ts';
import type { HttpFetch, HttpResponse } from './http-fetch.ts';
import { isWorthRetrying } from './is-worth-retrying.ts';
import { parseContentRange } from './parse-content-range.ts';
import { redactUrl } from './redact-url.ts';
import { requestFollowingRedirects } from './request-following-redirects.ts';

/** Attempts at one range, for answers that another try may mend. */
const MAX_ATTEMPTS = 4;
/** First pause between attempts; it doubles each time. */
const RETRY_DELAY_MS = 500;

export interface RemoteFileOptions {
  readonly fetch: HttpFetch;
  /** First pause between attempts, in milliseconds. @defaultValue 500 */
  readonly retryDelayMs?: number | undefined;
}

export interface RemoteRange {
  readonly offset: number;
  readonly length: number;
  readonly signal?: AbortSignal | undefined;
}

/** What tells one version of a file from another. */
interface Identity {
  readonly sizeBytes: number;
  readonly etag: string | null;
  readonly lastModified: string | null;
}

/**
 * A file on a server, read by ranges. Every answer must be the range that was asked for, of the file that the first
 * answer was of: the same size, ETag and Last-Modified. The URL that redirects led to is asked directly; when that
 * answers 403, as signed URLs do once they expire, the first one is asked again.
 *
 * Reading throws `RANGE_UNSUPPORTED`, `SOURCE_CHANGED`, `DOWNLOAD_UNREACHABLE`, `DOWNLOAD_REFUSED`,
 * `DOWNLOAD_INTERRUPTED`.
 */
export class RemoteFile {
  readonly #url: string;
  readonly #options: RemoteFileOptions;
  #resolvedUrl: string;
  #identity: Identity | undefined;

  constructor(url: string, options: RemoteFileOptions) {
    this.#url = url;
    this.#options = options;
    this.#resolvedUrl = url;
  }

  /** Fit for messages. */
  get name(): string {
    return redactUrl(this.#url);
  }

  /** Known after the first read. */
  get sizeBytes(): number {
    return this.#identity?.sizeBytes ?? 0;
  }

  /** Gives exactly the range; only the first read may reach past the end, and is then cut there. */
  async read(range: RemoteRange): Promise<Uint8Array> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.#readOnce(range);
      } catch (error) {
        range.signal?.throwIfAborted();
        if (attempt >= MAX_ATTEMPTS || !isWorthRetrying(error)) throw error;
      }
      const delayMs = (this.#options.retryDelayMs ?? RETRY_DELAY_MS) * 2 ** (attempt - 1);
      await sleep(delayMs, undefined, range.signal ? { signal: range.signal } : {});
    }
  }

  async #readOnce(range: RemoteRange): Promise<Uint8Array> {
    const response = await this.#request(range);
    const length = await this.#acceptAnswer(range, response);
    return this.#receive(response, length, range.signal);
  }

  async #request(range: RemoteRange): Promise<HttpResponse> {
    const asked = this.#resolvedUrl;
    const response = await this.#send(asked, range);
    if (response.status !== 403 || asked === this.#url) return response;
    await response.body?.cancel();
    return this.#send(this.#url, range);
  }

  async #send(url: string, { offset, length, signal }: RemoteRange): Promise<HttpResponse> {
    const etag = this.#identity?.etag ?? '';
    // A weak validator may not be sent: RFC 9110, 13.1.5.
    const validator = etag.startsWith('"') ? etag : undefined;
    let last = url;
    const response = await requestFollowingRedirects(this.#options.fetch, url, {
      headers: {
        range: `bytes=${offset}-${offset + length - 1}`,
        ...(validator !== undefined && { 'if-range': validator }),
      },
      signal,
      onRedirect: (next) => (last = next.href),
    });
    this.#resolvedUrl = last;
    return response;
  }

  /** Checks everything that the head of an answer says. Gives the length that the body must have. */
  async #acceptAnswer(range: RemoteRange, response: HttpResponse): Promise<number> {
    try {
      return this.#checkAnswer(range, response);
    } catch (error) {
      await response.body?.cancel();
      throw error;
    }
  }

  #checkAnswer({ offset, length }: RemoteRange, response: HttpResponse): number {
    const { status, headers } = response;
    const found = { etag: headers.get('etag'), lastModified: headers.get('last-modified') };
    if (status === 200) {
      this.#checkIdentity(found);
      throw this.#unsupported('the server sends the whole file for a range of it');
    }
    if (status === 416)
      throw this.#unsupported('the server refuses the range, or the file is empty');
    if (status !== 206) throw this.#refused(status);
    const encoding = headers.get('content-encoding') ?? 'identity';
    if (encoding !== 'identity') throw this.#unsupported(`the server sends it as ${encoding}`);
    const answer = parseContentRange(headers.get('content-range'));
    if (answer === undefined)
      throw this.#unsupported('the server does not say which range it sent');
    const sizeBytes = answer.totalBytes;
    this.#checkIdentity({ ...found, sizeBytes });
    const last = Math.min(offset + length, sizeBytes) - 1;
    if (answer.firstByte !== offset || answer.lastByte !== last) {
      throw this.#unsupported('the server sent another range than asked for');
    }
    this.#identity ??= { ...found, sizeBytes };
    return last - offset + 1;
  }

  #checkIdentity(found: Partial<Identity>): void {
    const first = this.#identity;
    if (first === undefined) return;
    for (const field of ['sizeBytes', 'etag', 'lastModified'] as const) {
      const value = found[field];
      if (value === undefined || value === first[field]) continue;
      const reason = `its ${labels[field]} was ${first[field]}, and is ${value}`;
      throw new LlcudaError('SOURCE_CHANGED', `${this.name} changed while it was read: ${reason}`, {
        detail: { source: this.name, reason },
        hint: 'Run the same command again.',
      });
    }
  }

  async #receive(
    response: HttpResponse,
    length: number,
    signal: AbortSignal | undefined,
  ): Promise<Uint8Array> {
    const bytes = new Uint8Array(length);
    let received = 0;
    try {
      for await (const chunk of response.body ?? []) {
        if (chunk.length > length - received) {
          throw this.#unsupported('the server sent more bytes than it announced');
        }
        bytes.set(chunk, received);
        received += chunk.length;
      }
    } catch (error) {
      signal?.throwIfAborted();
      if (LlcudaError.is(error)) throw error;
      throw this.#interrupted(received, length, error);
    }
    if (received === length) return bytes;
    throw this.#unsupported('the server sent fewer bytes than it announced');
  }

  #unsupported(reason: string): LlcudaError {
    return rangeUnsupported(this.name, reason);
  }

  #refused(status: number): LlcudaError {
    const reason = `HTTP ${status}`;
    return new LlcudaError('DOWNLOAD_REFUSED', `${this.name} answered with ${reason}`, {
      detail: { url: this.name, status, reason },
      hint: 'Check the URL, and whether it needs a login.',
    });
  }

  #interrupted(receivedBytes: number, expectedBytes: number, cause: unknown): LlcudaError {
    return new LlcudaError('DOWNLOAD_INTERRUPTED', `Reading ${this.name} broke off`, {
      detail: { url: this.name, receivedBytes, expectedBytes },
      hint: 'Check the network, then run the same command again.',
      cause,
    });
  }
}

const labels: Readonly<Record<keyof Identity, string>> = {
  sizeBytes: 'size',
  etag: 'ETag',
  lastModified: 'Last-Modified',
};

/** `RANGE_UNSUPPORTED`: the URL is fine, but it has to be fetched whole. */
export function rangeUnsupported(url: string, reason: string): LlcudaError<'RANGE_UNSUPPORTED'> {
  const name = redactUrl(url);
  return new LlcudaError('RANGE_UNSUPPORTED', `Cannot examine ${name} in place: ${reason}`, {
    detail: { url: name, reason },
    hint: 'Add --download to fetch it whole; it is removed afterwards.',
  });
}
