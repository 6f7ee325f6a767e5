import { createHash } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { basename } from 'node:path';
import { downloadFile } from '../net/download-file.ts';
import { redactUrl } from '../net/redact-url.ts';
import { resolveStore } from '../runtime/store.ts';
import { checkGgufHeader } from './check-gguf-header.ts';
import { fetchOnce, type FetchedModel } from './fetch-once.ts';
import { modelPath } from './model-files.ts';
import type { ModelReference } from './model-reference.ts';
import type { ModelServices } from './model-services.ts';

type UrlReference = Extract<ModelReference, { kind: 'url' }>;

/**
 * Makes sure the file of a URL is in the store. `#sha256=` pins it; without it the size is checked
 * against what the server says, and a notice tells the hash to pin.
 */
export async function pullUrl(
  reference: UrlReference,
  services: ModelServices,
): Promise<FetchedModel> {
  const { url, sha256: expectedSha256 } = reference;
  const key = expectedSha256 ?? `url-${createHash('sha256').update(url).digest('hex')}`;
  const path = modelPath(resolveStore(services.host), key, new URL(url).pathname);
  return fetchOnce({ path }, services, async (locked) => {
    const request = { url, destination: path, label: basename(path), expectedSha256 };
    const { sha256 } = await downloadFile(request, locked);
    if (expectedSha256 !== undefined) return;
    await checkGgufHeader(path).catch(async (error: unknown) => {
      // A page that asks to log in must not stay in the store as the model.
      await rm(path, { force: true });
      throw error;
    });
    const message = `Nothing pins this file; to pin it, write ${redactUrl(url)}#sha256=${sha256}`;
    services.onProgress({ type: 'notice', message });
  });
}
