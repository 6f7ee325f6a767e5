import { copyFile, readFile, rm } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { extractArchive } from '../../archive/extract-archive.ts';
import { LlcudaError } from '../../errors/llcuda-error.ts';
import { asFileError } from '../../files/as-file-error.ts';
import { ensureDirectory } from '../../files/ensure-directory.ts';
import { measureFile } from '../../files/measure-file.ts';
import { lockPathFor, withLock } from '../../files/with-lock.ts';
import { withStagingDirectory } from '../../files/with-staging-directory.ts';
import { writeAtomically } from '../../files/write-atomically.ts';
import { checkBundle } from '../bundle/check-bundle.ts';
import { invalidBundle } from '../bundle/invalid-bundle.ts';
import { nameBundle } from '../bundle/name-bundle.ts';
import {
  INDEX_FILE,
  INDEX_SCHEMA_VERSION,
  SIGNATURE_FILE,
  type BundleIndex,
  type IndexedBundle,
} from './bundle-index.ts';
import { formatIndex, parseIndex } from './parse-index.ts';

export interface EditIndexOptions {
  readonly signal?: AbortSignal | undefined;
}

export interface EditedIndex {
  readonly index: BundleIndex;
  /** Names that came or went. */
  readonly names: readonly string[];
}

/**
 * Puts archives into the index of a folder, newest first, and the archives into the folder. Each is unpacked and checked:
 * what the index says of it is found by the inspector. The signature is removed, as it is no longer right.
 *
 * Throws `BUNDLE_INVALID`, `ARCHIVE_UNSAFE`, `SOURCE_UNREADABLE`, `INDEX_INVALID`, `DISK_FULL`, `STORE_NOT_WRITABLE`.
 */
export async function addToIndex(
  folder: string,
  archives: readonly string[],
  options: EditIndexOptions = {},
): Promise<EditedIndex> {
  await ensureDirectory(folder);
  return editIndex(folder, options, async (index, signal) => {
    const added: IndexedBundle[] = [];
    for (const archive of archives) added.push(await describeArchive(folder, archive, signal));
    for (const [position, { file }] of added.entries()) {
      await place(archives[position] ?? '', join(folder, file));
    }
    const names = added.map(({ name }) => name);
    const isReplaced = ({ name, file }: IndexedBundle): boolean =>
      added.some((bundle) => bundle.name === name || bundle.file === file);
    const kept = index.bundles.filter((bundle) => !isReplaced(bundle));
    return { bundles: [...added, ...kept], names };
  });
}

/** Takes bundles out of an index, by name or file; their archives stay. Throws `RUNTIME_NOT_FOUND`, `INDEX_INVALID`. */
export async function removeFromIndex(
  folder: string,
  names: readonly string[],
  options: EditIndexOptions = {},
): Promise<EditedIndex> {
  return editIndex(folder, options, async ({ bundles }) => {
    const known = new Set(bundles.flatMap(({ name, file }) => [name, file]));
    const unknown = names.find((name) => !known.has(name));
    if (unknown !== undefined) {
      const installed = bundles.map(({ name }) => name);
      throw new LlcudaError('RUNTIME_NOT_FOUND', `The index has no bundle called ${unknown}`, {
        detail: { runtime: unknown, installed },
        hint: `It has: ${installed.join(', ') || 'none'}.`,
      });
    }
    const isRemoved = ({ name, file }: IndexedBundle): boolean =>
      names.includes(name) || names.includes(file);
    const removed = bundles.filter((bundle) => isRemoved(bundle)).map(({ name }) => name);
    return { bundles: bundles.filter((bundle) => !isRemoved(bundle)), names: removed };
  });
}

/** The index of a folder as it is, without a look at its signature; an empty one where there is none. */
export async function readLocalIndex(folder: string): Promise<BundleIndex> {
  const path = join(folder, INDEX_FILE);
  const text = await readFile(path, 'utf8').catch(() => undefined);
  if (text === undefined) return { schemaVersion: INDEX_SCHEMA_VERSION, bundles: [] };
  return parseIndex(text, path);
}

async function editIndex(
  folder: string,
  { signal }: EditIndexOptions,
  edit: (
    index: BundleIndex,
    signal: AbortSignal,
  ) => Promise<{ readonly bundles: readonly IndexedBundle[]; readonly names: readonly string[] }>,
): Promise<EditedIndex> {
  signal?.throwIfAborted();
  const path = join(folder, INDEX_FILE);
  return withLock(lockPathFor(path), { signal }, async (locked) => {
    const before = await readLocalIndex(folder);
    const { bundles, names } = await edit(before, locked);
    // What expires is what was signed.
    const index: BundleIndex = { schemaVersion: INDEX_SCHEMA_VERSION, bundles };
    await rm(join(folder, SIGNATURE_FILE), { force: true });
    await writeAtomically(path, formatIndex(index));
    return { index, names };
  });
}

async function describeArchive(
  folder: string,
  archive: string,
  signal: AbortSignal,
): Promise<IndexedBundle> {
  const { sizeBytes, sha256 } = await measureFile(archive, { signal });
  return withStagingDirectory(folder, '.llcuda-index', async (staging) => {
    const { sizeBytes: unpackedBytes } = await extractArchive(archive, staging, { signal });
    const { found, problems } = await checkBundle(staging, { signal });
    if (found === undefined || problems.length > 0) throw invalidBundle(archive, problems);
    const { llamaCpp, os, arch, backend, gpu, needed, requires } = found;
    const summary = { llamaCpp, os, arch, backend, gpu, needed, requires };
    const name = nameBundle(found);
    return { name, file: basename(archive), sizeBytes, sha256, unpackedBytes, ...summary };
  });
}

async function place(archive: string, destination: string): Promise<void> {
  if (resolve(archive) === resolve(destination)) return;
  await copyFile(archive, destination).catch((error: unknown) => {
    throw asFileError(error, destination);
  });
}
