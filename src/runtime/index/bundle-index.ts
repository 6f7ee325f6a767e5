import type { BundleSummary } from '../bundle/bundle-manifest.ts';

/** The file of an index, in a folder or at a URL. */
export const INDEX_FILE = 'index.json' as const;

/** The detached signature of that very file. */
export const SIGNATURE_FILE = 'index.json.sig' as const;

/** The newest schema of an index that this llcuda writes and reads. */
export const INDEX_SCHEMA_VERSION = 1 as const;

/** A list of bundles with all that is needed to judge each one before it is downloaded. */
export interface BundleIndex {
  readonly schemaVersion: 1;
  /** ISO 8601. After it nobody installs from the index. Absent until it is signed. */
  readonly expiresAt?: string | undefined;
  /** Newest first where there is nothing else to choose by. */
  readonly bundles: readonly IndexedBundle[];
}

export interface IndexedBundle extends BundleSummary {
  /** As `nameBundle` makes it. */
  readonly name: string;
  /** The archive, beside the index. */
  readonly file: string;
  readonly sizeBytes: number;
  /** Lower-case hex, of the archive. */
  readonly sha256: string;
  /** Of all files in it. */
  readonly unpackedBytes: number;
}
