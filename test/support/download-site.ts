import type { RequestListener, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { findFileSize } from '../../src/files/find-file-size.ts';
import { createDataHost } from '../../src/host/create-data-host.ts';
import { createFetch } from '../../src/net/create-fetch.ts';
import type { DownloadOptions } from '../../src/net/download-file.ts';
import { createTemporaryDirectory, type TemporaryDirectory } from './temporary-directory.ts';

export interface DownloadSite extends AsyncDisposable {
  readonly folder: string;
  readonly destination: string;
  readonly partial: string;
}

/** Where a download goes, in a folder of its own unless one is given. */
export async function createDownloadSite(given?: TemporaryDirectory): Promise<DownloadSite> {
  const directory = given ?? (await createTemporaryDirectory());
  const folder = join(directory.path, 'models');
  const destination = join(folder, 'model.gguf');
  return {
    folder,
    destination,
    partial: `${destination}.partial`,
    [Symbol.asyncDispose]: async () => directory[Symbol.asyncDispose](),
  };
}

/** The real HTTP client without proxies, and hardly a pause between attempts. */
export function quickOptions(): DownloadOptions {
  return { fetch: createFetch(createDataHost()), retryDelayMs: 1 };
}

/** The first byte that a request asks for, 0 without a range. */
export function rangeStart(request: { readonly headers: { range?: string | undefined } }): number {
  return Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
}

/** Sends the bytes, and cuts the connection once the partial file holds as many as `untilBytes`. */
export function sendThenCut(
  response: ServerResponse,
  bytes: Uint8Array,
  { partial, untilBytes }: { readonly partial: string; readonly untilBytes: number },
): void {
  const cutWhenThere = async (): Promise<void> => {
    while (!response.destroyed && (await findFileSize(partial)) !== untilBytes) await sleep(2);
    response.destroy();
  };
  response.write(bytes, () => void cutWhenThere());
}

/** Answers ranges, but cuts the connection after the number of bytes that `nextCut` gives, if it gives one. */
export function sendFileInParts(
  content: Uint8Array,
  { partial }: Pick<DownloadSite, 'partial'>,
  nextCut: () => number | undefined,
): RequestListener {
  return (request, response) => {
    const startByte = rangeStart(request);
    const left = content.subarray(startByte);
    response.writeHead(startByte > 0 ? 206 : 200, {
      'content-length': left.length,
      etag: '"one version"',
      ...(startByte > 0 && {
        'content-range': `bytes ${startByte}-${content.length - 1}/${content.length}`,
      }),
    });
    const cutBytes = nextCut();
    if (cutBytes === undefined || cutBytes >= left.length) response.end(left);
    else {
      const untilBytes = startByte + cutBytes;
      sendThenCut(response, left.subarray(0, cutBytes), { partial, untilBytes });
    }
  };
}
