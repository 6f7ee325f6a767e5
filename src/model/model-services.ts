import type { ProgressSink } from '../events/progress-event.ts';
import { createNodeHost } from '../host/create-node-host.ts';
import type { Host } from '../host/host.ts';
import { createFetch } from '../net/create-fetch.ts';
import type { HttpFetch } from '../net/http-fetch.ts';

/** What fetching a model works with. */
export interface ModelServices {
  readonly host: Host;
  readonly fetch: HttpFetch;
  readonly onProgress: ProgressSink;
  readonly signal: AbortSignal | undefined;
}

/** What a caller may choose of it. */
export interface ModelServiceOptions {
  /** @defaultValue the machine this process runs on */
  readonly host?: Host | undefined;
  /** @defaultValue a client that honours the proxy variables of the host */
  readonly fetch?: HttpFetch | undefined;
  /** Told about transfers, steps and skipped sources. @defaultValue nobody is */
  readonly onProgress?: ProgressSink | undefined;
  readonly signal?: AbortSignal | undefined;
}

export function resolveModelServices(options: ModelServiceOptions): ModelServices {
  const host = options.host ?? createNodeHost();
  return {
    host,
    fetch: options.fetch ?? createFetch(host),
    onProgress: options.onProgress ?? (() => undefined),
    signal: options.signal,
  };
}
