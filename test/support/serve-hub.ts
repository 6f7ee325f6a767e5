import type { IncomingMessage, RequestListener } from 'node:http';
import { createNodeHost } from '../../src/host/create-node-host.ts';
import type { Host } from '../../src/host/host.ts';
import { sha256Of } from './gguf-bytes.ts';
import { sendFile, serve } from './serve.ts';

export const revision: string = '0123456789abcdef0123456789abcdef01234567';

export interface LoopbackHub extends AsyncDisposable {
  readonly url: string;
  /** Requests to the hub itself, in order. */
  readonly requests: readonly IncomingMessage[];
  /** Requests to the storage that the hub redirects to, in order. */
  readonly storageRequests: readonly IncomingMessage[];
}

/** A model hub with one file for every name, which lies on another server, as on the real hub. */
export async function serveHub(
  content: Uint8Array,
  sendContent: RequestListener = sendFile(content),
): Promise<LoopbackHub> {
  const storage = await serve(sendContent);
  const hub = await serve((_request, response) => {
    response
      .writeHead(302, {
        location: `${storage.url}/blob?signature=secret`,
        'x-repo-commit': revision,
        'x-linked-size': content.length,
        'x-linked-etag': `"${sha256Of(content)}"`,
      })
      .end();
  });
  return {
    url: hub.url,
    requests: hub.requests,
    storageRequests: storage.requests,
    async [Symbol.asyncDispose]() {
      await hub[Symbol.asyncDispose]();
      await storage[Symbol.asyncDispose]();
    },
  };
}

/** This machine with a store of its own, and with the variables given. */
export function hostWithStore(store: string, env: Readonly<Record<string, string>> = {}): Host {
  return {
    ...createNodeHost(),
    env: { ...process.env, HF_TOKEN: '', no_proxy: '127.0.0.1', LLCUDA_HOME: store, ...env },
  };
}

/** An address of this machine where nothing listens; `fetch` refuses port 1 by itself. */
export const closedUrl: string = 'http://127.0.0.1:3';
