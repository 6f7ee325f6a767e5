import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { asReadError } from '../../files/as-read-error.ts';
import { lockPathFor, withLock } from '../../files/with-lock.ts';
import { writeAtomically } from '../../files/write-atomically.ts';
import { INDEX_FILE, SIGNATURE_FILE } from './bundle-index.ts';
import { readLocalIndex } from './edit-index.ts';
import { formatIndex } from './parse-index.ts';
import { derivePublicKey, signBytes } from './signing-keys.ts';

const DAY_MS = 86_400_000;

export interface SignIndexOptions {
  /** Path of the private key, in PEM. */
  readonly keyPath: string;
  /** After so many days nobody installs from it any more. */
  readonly validDays: number;
  /** @defaultValue the clock of this machine */
  readonly now?: Date | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface SignedIndex {
  readonly expiresAt: string;
  /** What those who install from it put into their configuration. */
  readonly publicKey: string;
}

/** Gives an index an expiry and signs the bytes of its file. Throws `KEY_INVALID`, `INDEX_INVALID`, `SOURCE_UNREADABLE`. */
export async function signIndex(folder: string, options: SignIndexOptions): Promise<SignedIndex> {
  const { keyPath, validDays, signal } = options;
  signal?.throwIfAborted();
  const privateKey = await readFile(keyPath, 'utf8').catch((error: unknown) => {
    throw asReadError(error, keyPath);
  });
  const publicKey = derivePublicKey(privateKey);
  const path = join(folder, INDEX_FILE);
  return withLock(lockPathFor(path), { signal }, async () => {
    const { schemaVersion, bundles } = await readLocalIndex(folder);
    const now = options.now ?? new Date();
    const expiresAt = new Date(now.getTime() + validDays * DAY_MS).toISOString();
    const text = formatIndex({ schemaVersion, expiresAt, bundles });
    await writeAtomically(path, text);
    await writeAtomically(join(folder, SIGNATURE_FILE), signBytes(Buffer.from(text), privateKey));
    return { expiresAt, publicKey };
  });
}
