import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { parseTarget, resolveTarget } from '../../compat/parse-target.ts';
import { describeError } from '../../errors/describe-error.ts';
import { LlcudaError } from '../../errors/llcuda-error.ts';
import { measureFile } from '../../files/measure-file.ts';
import { createNodeHost } from '../../host/create-node-host.ts';
import { createFetch } from '../../net/create-fetch.ts';
import type { BundleArch } from '../bundle/bundle-manifest.ts';
import type { IndexedBundle } from './bundle-index.ts';
import {
  createCell,
  createIndexMatrix,
  type IndexCell,
  type IndexMatrix,
} from './create-index-matrix.ts';
import { readLocalIndex } from './edit-index.ts';
import { readIndex } from './read-index.ts';

export interface CheckIndexOptions {
  /** The key that must have signed it. @defaultValue the signature is not looked at */
  readonly publicKey?: string | undefined;
  /** GPUs with drivers (`t4,driver=550.54.15`) that must have a bundle. */
  readonly required?: readonly string[] | undefined;
  /** @defaultValue 'x64' */
  readonly arch?: BundleArch | undefined;
  /** @defaultValue the clock of this machine */
  readonly now?: Date | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface IndexCheck {
  readonly bundles: readonly IndexedBundle[];
  /** What is wrong with the index or its files. */
  readonly problems: readonly { readonly file: string; readonly reason: string }[];
  /** Archives in the folder that the index does not list. */
  readonly unlisted: readonly string[];
  readonly required: readonly (IndexCell & { readonly target: string })[];
  readonly matrix: IndexMatrix;
}

/**
 * Checks the index of a folder before it is published: signature and expiry, every archive by size and hash, and that
 * there is a bundle for every GPU and driver that is required. Throws `TARGET_INVALID`, `INDEX_INVALID`,
 * `SCHEMA_TOO_NEW`; what is wrong otherwise is in the result.
 */
export async function checkIndex(
  folder: string,
  options: CheckIndexOptions = {},
): Promise<IndexCheck> {
  const { publicKey, arch = 'x64', signal, required = [] } = options;
  const index = await readLocalIndex(folder);
  const problems = publicKey === undefined ? [] : await checkSignature(folder, publicKey, options);
  for (const bundle of index.bundles) {
    const reason = await checkArchive(folder, bundle, signal);
    if (reason !== undefined) problems.push({ file: bundle.file, reason });
  }
  const listed = new Set(index.bundles.map(({ file }) => file));
  const names = await readdir(folder).catch(() => []);
  return {
    bundles: index.bundles,
    problems,
    unlisted: names.filter((name) => name.endsWith('.tar.gz') && !listed.has(name)).toSorted(),
    required: required.map((target) => findRequired(index.bundles, target, arch)),
    matrix: createIndexMatrix(index, { arch }),
  };
}

function findRequired(
  bundles: readonly IndexedBundle[],
  target: string,
  arch: BundleArch,
): IndexCheck['required'][number] {
  const device = resolveTarget(parseTarget(target), target);
  const candidates = bundles.filter((bundle) => bundle.os === device.os && bundle.arch === arch);
  return { target, ...createCell(candidates, device) };
}

async function checkSignature(
  folder: string,
  publicKey: string,
  { now, signal }: CheckIndexOptions,
): Promise<{ file: string; reason: string }[]> {
  const host = createNodeHost();
  try {
    const options = { host, fetch: createFetch(host), now, signal };
    await readIndex({ location: folder, publicKey }, options);
    return [];
  } catch (error) {
    if (!LlcudaError.is(error)) throw error;
    return [{ file: 'index.json', reason: describeError(error).message }];
  }
}

async function checkArchive(
  folder: string,
  { file, sizeBytes, sha256 }: IndexedBundle,
  signal: AbortSignal | undefined,
): Promise<string | undefined> {
  try {
    const found = await measureFile(join(folder, file), { signal });
    if (found.sizeBytes !== sizeBytes) {
      return `it has ${found.sizeBytes} bytes, and the index states ${sizeBytes}`;
    }
    return found.sha256 === sha256 ? undefined : 'its SHA-256 is another than the index states';
  } catch (error) {
    if (!LlcudaError.is(error, 'SOURCE_UNREADABLE')) throw error;
    return 'it is missing, or cannot be read';
  }
}
