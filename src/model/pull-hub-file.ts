import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import { LlcudaError } from '../errors/llcuda-error.ts';
import { writeAtomically } from '../files/write-atomically.ts';
import { downloadFile } from '../net/download-file.ts';
import type { HttpResponse } from '../net/http-fetch.ts';
import { redactUrl } from '../net/redact-url.ts';
import { requestFollowingRedirects } from '../net/request-following-redirects.ts';
import { resolveStore } from '../runtime/store.ts';
import { fetchOnce, type FetchedModel } from './fetch-once.ts';
import { hubToken, hubUrl } from './hub-url.ts';
import { modelPath } from './model-files.ts';
import type { ModelReference } from './model-reference.ts';
import type { ModelServices } from './model-services.ts';

type HubReference = Extract<ModelReference, { kind: 'hub' }>;

const pinSchema = v.object({
  revision: v.pipe(v.string(), v.regex(/^[0-9a-f]{40}$/)),
  sizeBytes: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
  sha256: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)),
});

/** What the hub said a file is: the commit, and the size and SHA-256 it has there. */
type HubPin = v.InferOutput<typeof pinSchema>;

/**
 * Makes sure one file of the model hub's `main` is in the store, checked against the SHA-256 that the
 * hub gives. The pin is remembered: later runs use it when the hub cannot be reached.
 */
export async function pullHubFile(
  reference: HubReference,
  services: ModelServices,
): Promise<FetchedModel> {
  const pin = await findPin(reference, services);
  const path = modelPath(resolveStore(services.host), pin.sha256, reference.file);
  return fetchOnce({ path, sizeBytes: pin.sizeBytes }, services, async (locked) => {
    await downloadFile(
      {
        url: hubUrl(services.host, reference.repository, pin.revision, reference.file),
        destination: path,
        label: reference.file,
        expectedBytes: pin.sizeBytes,
        expectedSha256: pin.sha256,
        bearerToken: hubToken(services.host),
      },
      locked,
    );
  });
}

async function findPin(reference: HubReference, services: ModelServices): Promise<HubPin> {
  const pinPath = pinPathFor(reference, services);
  const remembered = await readPin(pinPath);
  let pin: HubPin;
  try {
    pin = await askHub(reference, services);
  } catch (error) {
    if (!remembered || !isOutage(error)) throw error;
    services.onProgress({
      type: 'notice',
      message: `${error.message}; using the revision seen last`,
    });
    return remembered;
  }
  const text = JSON.stringify(pin);
  // What is known already is not written: the store may be one that only others can write.
  if (text !== JSON.stringify(remembered)) await writeAtomically(pinPath, `${text}\n`);
  return pin;
}

/** Whether the hub gave no answer of its own; a proxy answers 502 to 504 for a hub that is down. */
function isOutage(error: unknown): error is LlcudaError {
  if (LlcudaError.is(error, 'DOWNLOAD_UNREACHABLE')) return true;
  if (!LlcudaError.is(error, 'DOWNLOAD_REFUSED')) return false;
  return error.detail.status >= 500 || error.detail.status === 429;
}

/** HEAD without leaving the hub: its own answer, before the redirect to storage, has the pin. */
async function askHub(reference: HubReference, services: ModelServices): Promise<HubPin> {
  const url = hubUrl(services.host, reference.repository, 'main', reference.file);
  const response = await requestFollowingRedirects(services.fetch, url, {
    method: 'HEAD',
    follow: 'relative',
    bearerToken: hubToken(services.host),
    signal: services.signal,
  });
  if (response.status >= 400) throw refused(reference, url, response);
  const pin = v.safeParse(pinSchema, {
    revision: response.headers.get('x-repo-commit'),
    sizeBytes: Number(response.headers.get('x-linked-size')),
    sha256: response.headers.get('x-linked-etag')?.replaceAll('"', ''),
  });
  if (pin.success) return pin.output;
  throw new LlcudaError(
    'DOWNLOAD_REFUSED',
    `${new URL(url).host} gave no SHA-256 for ${reference.file}`,
    {
      detail: { url: redactUrl(url), status: response.status, reason: 'no X-Linked-Etag' },
      hint: 'Check HF_ENDPOINT and the proxy: this does not look like the model hub.',
    },
  );
}

function refused(reference: HubReference, url: string, response: HttpResponse): LlcudaError {
  const reason = response.headers.get('x-error-code') ?? `HTTP ${response.status}`;
  // Without a token the hub answers 401 for a repository that is missing, too.
  const isGated = reason === 'GatedRepo';
  const what = `hf:${reference.repository}:${reference.file}`;
  return new LlcudaError('DOWNLOAD_REFUSED', `The model hub refused ${what} (${reason})`, {
    detail: { url: redactUrl(url), status: response.status, reason },
    hint: isGated
      ? 'Accept the licence on the model page and set HF_TOKEN.'
      : 'Check the owner, the repository and the file name; set HF_TOKEN if it is private.',
  });
}

function pinPathFor(reference: HubReference, { host }: ModelServices): string {
  const key = createHash('sha256')
    .update(`${reference.repository}:${reference.file}`)
    .digest('hex');
  return join(resolveStore(host).models, 'pins', `${key}.json`);
}

async function readPin(path: string): Promise<HubPin | undefined> {
  const text = await readFile(path, 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  const pin = v.safeParse(v.pipe(v.string(), v.parseJson(), pinSchema), text);
  return pin.success ? pin.output : undefined;
}
