import type { ByteSource } from '../bytes/byte-source.ts';
import type { HostDevice } from '../compat/host-device.ts';
import type { ProgressSink } from '../events/progress-event.ts';
import type { Host } from '../host/host.ts';
import type { HttpFetch } from '../net/http-fetch.ts';

/**
 * What to examine: a path of a file, folder or archive, an https URL, or `npm:NAME@VERSION`; or bytes with the name
 * that reports give them.
 */
export type BinarySource = string | { readonly name: string; readonly source: ByteSource };

export interface ExamineOptions {
  /** Where paths, the store and the npm client are. @defaultValue this machine */
  readonly host?: Host | undefined;
  /** @defaultValue an HTTP client that honours the proxy variables of the host */
  readonly fetch?: HttpFetch | undefined;
  /** Fetches a URL whole instead of by ranges; it is removed afterwards. @defaultValue false */
  readonly download?: boolean | undefined;
  /** Also decompresses one image to learn the toolkit when none is stored as it is. @defaultValue false */
  readonly deep?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ProgressSink | undefined;
}

export interface InspectOptions extends ExamineOptions {
  /** Judges each file for this host: see `parseTarget` and `resolveTarget`. */
  readonly for?: HostDevice | undefined;
  /** CUDA's environment variables on that host. @defaultValue those of `for` */
  readonly environment?: HostDevice['environment'];
  /** Decodes every image and says which cannot be. @defaultValue false */
  readonly deep?: boolean | undefined;
}
