import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { LlcudaError } from '../../errors/llcuda-error.ts';
import type { Host } from '../../host/host.ts';
import { fetchBytes } from '../../net/fetch-bytes.ts';
import type { HttpFetch } from '../../net/http-fetch.ts';
import { redactUrl } from '../../net/redact-url.ts';
import { INDEX_FILE, SIGNATURE_FILE, type BundleIndex } from './bundle-index.ts';
import { invalidIndex, parseIndex } from './parse-index.ts';
import { isSignedBy } from './signing-keys.ts';

/** Largest index. Bytes. A thousand bundles take 2 MB. */
const INDEX_MAXIMUM_BYTES = 64 << 20;

/** Largest signature. Bytes. */
const SIGNATURE_MAXIMUM_BYTES = 4096;

/** Times that index and signature are read when they do not fit: they may have been replaced in between. */
const MAX_ATTEMPTS = 2;

/** Where an index is, and whose it must be. */
export interface IndexSource {
  /** An https URL of a folder, or the path of one. */
  readonly location: string;
  /** `ed25519:...`. Without it the signature is not looked at: for a folder of one's own only. */
  readonly publicKey?: string | undefined;
}

export interface ReadIndexOptions {
  readonly host: Host;
  readonly fetch: HttpFetch;
  /** @defaultValue the clock of this machine */
  readonly now?: Date | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Reads an index and checks, in this order: that these very bytes are signed by the key, that they follow the schema, and
 * that they have not expired.
 *
 * Throws `INDEX_SIGNATURE_INVALID`, `SCHEMA_TOO_NEW`, `INDEX_INVALID`, `INDEX_EXPIRED`, `KEY_INVALID`, `DOWNLOAD_*`.
 */
export async function readIndex(
  source: IndexSource,
  options: ReadIndexOptions,
): Promise<BundleIndex> {
  options.signal?.throwIfAborted();
  const name = nameLocation(source.location);
  const bytes = await readSigned(source, name, options);
  const index = parseIndex(bytes.toString('utf8'), name);
  if (source.publicKey !== undefined) checkExpiry(index, name, options.now ?? new Date());
  return index;
}

/** Whether an index is fetched, and not read from a disk. */
export function isRemoteLocation(location: string): boolean {
  return /^https?:\/\//i.test(location);
}

/** The address of a file beside an index: a URL, or an absolute path. */
export function resolveBeside(location: string, file: string, host: Host): string {
  if (!isRemoteLocation(location)) {
    return join(resolve(host.workingDirectory, location), file);
  }
  const folder = new URL(location.replace(/\/index\.json$/, ''));
  folder.pathname = `${folder.pathname.replace(/\/$/, '')}/`;
  return new URL(file, folder).href;
}

function nameLocation(location: string): string {
  return isRemoteLocation(location) ? redactUrl(location) : location;
}

async function readSigned(
  { location, publicKey }: IndexSource,
  name: string,
  options: ReadIndexOptions,
): Promise<Buffer> {
  for (let attempt = 1; ; attempt += 1) {
    const bytes = await readBeside(location, INDEX_FILE, INDEX_MAXIMUM_BYTES, options);
    if (bytes === undefined) throw invalidIndex(name, `there is no ${INDEX_FILE}`);
    if (publicKey === undefined) return bytes;
    const signature = await readBeside(location, SIGNATURE_FILE, SIGNATURE_MAXIMUM_BYTES, options);
    if (signature === undefined) throw wrongSignature(name, 'it is not signed');
    if (isSignedBy(bytes, signature.toString('latin1'), publicKey)) return bytes;
    if (attempt >= MAX_ATTEMPTS) {
      throw wrongSignature(name, 'its signature is not of these bytes by the trusted key');
    }
  }
}

/** `undefined` when there is no such file. */
async function readBeside(
  location: string,
  file: string,
  maximumBytes: number,
  options: ReadIndexOptions,
): Promise<Buffer | undefined> {
  const address = resolveBeside(location, file, options.host);
  if (!isRemoteLocation(location)) return readFile(address).catch(() => undefined);
  try {
    const { fetch, signal } = options;
    return await fetchBytes(address, { fetch, maximumBytes, signal });
  } catch (error) {
    if (LlcudaError.is(error, 'DOWNLOAD_REFUSED') && error.detail.status === 404) return undefined;
    throw error;
  }
}

function checkExpiry({ expiresAt }: BundleIndex, index: string, now: Date): void {
  if (expiresAt === undefined) throw invalidIndex(index, 'it is signed and states no expiry');
  if (new Date(expiresAt) > now) return;
  throw new LlcudaError('INDEX_EXPIRED', `The index ${index} expired on ${expiresAt}`, {
    detail: { index, expiresAt },
    hint: 'Ask its owner to run `llcuda index sign` again, and check the clock of this machine.',
  });
}

function wrongSignature(index: string, reason: string): LlcudaError {
  return new LlcudaError(
    'INDEX_SIGNATURE_INVALID',
    `The index ${index} is not trusted: ${reason}`,
    {
      detail: { index, reason },
      hint: 'Do not install from it, unless its owner tells you another public key.',
    },
  );
}
