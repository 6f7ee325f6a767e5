import { join } from 'node:path';
import { downloadFile } from '../net/download-file.ts';
import type { HttpFetch } from '../net/http-fetch.ts';
import { redactUrl } from '../net/redact-url.ts';
import { withStagedSource, type StagingOptions } from './with-staged-source.ts';

/** Fetches a URL whole, gives work the file, and removes it. */
export async function withDownloadedFile(
  url: string,
  options: StagingOptions & { readonly fetch: HttpFetch },
  work: (filePath: string) => Promise<void>,
): Promise<void> {
  const { fetch, onProgress } = options;
  await withStagedSource(redactUrl(url), options, async (directory, signal) => {
    const destination = join(directory, 'download');
    const label = new URL(url).pathname.split('/').at(-1) ?? url;
    await downloadFile({ url, destination, label }, { fetch, signal, onProgress });
    await work(destination);
  });
}
