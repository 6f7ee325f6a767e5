import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sendFile, serve, type LoopbackServer } from './serve.ts';

/** Serves the files of a folder, whole and by ranges, as any static host does. */
export async function serveFolder(folder: string): Promise<LoopbackServer> {
  return serve((request, response) => {
    const path = join(folder, new URL(request.url ?? '/', 'http://loopback').pathname);
    if (existsSync(path)) sendFile(readFileSync(path))(request, response);
    else response.writeHead(404).end();
  });
}
