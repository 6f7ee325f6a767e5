import { isDeepStrictEqual } from 'node:util';
import { LlcudaError } from '../../errors/llcuda-error.ts';
import { BUNDLE_MANIFEST, type BundleEntry, type BundleManifest } from './bundle-manifest.ts';
import { createBundleManifest } from './create-bundle-manifest.ts';
import type { BundleProblem } from './invalid-bundle.ts';
import { comparePaths } from './list-bundle-paths.ts';
import { readBundleManifest } from './read-bundle-manifest.ts';

export interface CheckedBundle {
  /** As the files are: what they hold is read, not believed. `undefined` where they could not be described. */
  readonly found: BundleManifest | undefined;
  /** As it is written in the folder. */
  readonly stated: BundleManifest;
  /** Every difference between the two. Empty: the manifest tells the truth. */
  readonly problems: readonly BundleProblem[];
}

/**
 * Holds the manifest of a folder against its files: one that is missing, extra, or of another size, hash or mode; a link
 * that leads elsewhere; GPU code, libraries or floors other than stated. Throws for a manifest that cannot be read
 * (`BUNDLE_INVALID`, `SCHEMA_TOO_NEW`); all else is a problem in the result.
 */
export async function checkBundle(
  folder: string,
  options: { readonly signal?: AbortSignal | undefined } = {},
): Promise<CheckedBundle> {
  const stated = await readBundleManifest(folder);
  const { llamaCpp, build, requires } = stated;
  const { compiler, flags } = build;
  const statement = { llamaCpp, compiler, flags, cpu: requires.cpu };
  try {
    const found = await createBundleManifest(folder, { statement, signal: options.signal });
    return {
      found,
      stated,
      problems: [...compareFiles(stated, found), ...compareFacts(stated, found)],
    };
  } catch (error) {
    if (!LlcudaError.is(error, 'BUNDLE_INVALID')) throw error;
    return { found: undefined, stated, problems: error.detail.problems };
  }
}

function compareFiles(stated: BundleManifest, found: BundleManifest): readonly BundleProblem[] {
  const statedPaths = new Set(stated.files.map(({ path }) => path));
  const foundFiles = new Map(found.files.map((entry) => [entry.path, entry]));
  const extra = found.files
    .filter(({ path }) => !statedPaths.has(path))
    .map(({ path }) => ({ path, reason: 'it is not in the manifest' }));
  const twice = stated.files.length > statedPaths.size;
  const differing = stated.files.flatMap((entry) => {
    const reason = compareEntry(entry, foundFiles.get(entry.path));
    return reason === undefined ? [] : [{ path: entry.path, reason }];
  });
  return [
    ...(twice ? [{ path: BUNDLE_MANIFEST, reason: 'it lists a file twice' }] : []),
    ...[...differing, ...extra].sort((left, right) => comparePaths(left.path, right.path)),
  ];
}

function compareEntry(stated: BundleEntry, found: BundleEntry | undefined): string | undefined {
  if (found === undefined) return 'it is missing';
  if ('target' in stated) {
    if (!('target' in found)) return 'it is a file, and a link is stated';
    if (stated.target === found.target) return undefined;
    return `it leads to ${found.target}, and ${stated.target} is stated`;
  }
  if ('target' in found) return 'it is a link, and a file is stated';
  if (stated.sizeBytes !== found.sizeBytes) {
    return `it has ${found.sizeBytes} bytes, and ${stated.sizeBytes} are stated`;
  }
  if (stated.sha256 !== found.sha256) return 'its SHA-256 is another than stated';
  if (stated.mode === found.mode) return undefined;
  return `its mode is ${found.mode}, and ${stated.mode} is stated`;
}

/** Not those that depend on the tables of the llcuda that packed it: drivers, the name of the toolkit, licences. */
function compareFacts(stated: BundleManifest, found: BundleManifest): readonly BundleProblem[] {
  const facts = [
    { key: 'gpu', reason: 'its GPU code is other than stated' },
    { key: 'needed', reason: 'it needs other libraries than stated' },
    { key: 'provided', reason: 'it has other libraries than stated' },
    { key: 'requires', reason: 'it needs other versions of libraries than stated' },
    { key: 'backend', reason: 'it has another backend than stated' },
    { key: 'os', reason: 'it is for another system than stated' },
    { key: 'arch', reason: 'it is for another processor than stated' },
  ] as const;
  return facts
    .filter(({ key }) => !isDeepStrictEqual(plain(stated[key]), plain(found[key])))
    .map(({ key, reason }) => ({ path: `${BUNDLE_MANIFEST}, ${key}`, reason }));
}

/** As JSON has it, so that what is absent and what is undefined are the same. */
function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}
