import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { parseVersioned } from '../parse-versioned.ts';
import { BUNDLE_MANIFEST, BUNDLE_SCHEMA_VERSION, type BundleManifest } from './bundle-manifest.ts';
import { bundleManifestSchema } from './bundle-schema.ts';
import { invalidBundle } from './invalid-bundle.ts';

/** Largest manifest. Bytes. One of a bundle with a thousand files has 200 kB. */
const MANIFEST_MAXIMUM_BYTES = 8 << 20;

/** Reads the manifest in a folder. Throws `BUNDLE_INVALID` or `SCHEMA_TOO_NEW`. */
export async function readBundleManifest(folder: string): Promise<BundleManifest> {
  const invalid = (reason: string): ReturnType<typeof invalidBundle> =>
    invalidBundle(folder, [{ path: BUNDLE_MANIFEST, reason }]);
  const text = await readText(join(folder, BUNDLE_MANIFEST));
  if (text === undefined) throw invalid('it is missing, or cannot be read');
  return parseVersioned(text, {
    schema: bundleManifestSchema,
    known: BUNDLE_SCHEMA_VERSION,
    source: BUNDLE_MANIFEST,
    invalid,
  });
}

async function readText(path: string): Promise<string | undefined> {
  try {
    await using file = await open(path, 'r');
    const { size } = await file.stat();
    return size > MANIFEST_MAXIMUM_BYTES ? undefined : await file.readFile('utf8');
  } catch {
    return undefined;
  }
}
