import { join } from 'node:path';
import { measureFile } from '../../files/measure-file.ts';
import type {
  BuildFacts,
  BundleEntry,
  BundleManifest,
  LlamaCppVersion,
} from './bundle-manifest.ts';
import { BUNDLE_MANIFEST, BUNDLE_SCHEMA_VERSION } from './bundle-manifest.ts';
import { findDriverFloors } from './find-driver-floors.ts';
import { findLicenses } from './find-licenses.ts';
import { inspectBundle } from './inspect-bundle.ts';
import { invalidBundle } from './invalid-bundle.ts';
import { listBundlePaths, type BundlePath } from './list-bundle-paths.ts';
import { RUNTIME_MARKER } from './runtime-marker.ts';
import { summarizeBundle } from './summarize-bundle.ts';

/** What the files of a build do not tell. */
export interface BuildStatement {
  readonly llamaCpp: LlamaCppVersion;
  readonly compiler?: string | undefined;
  readonly flags?: readonly string[] | undefined;
  /** Lowest level of the processor. */
  readonly cpu?: string | undefined;
}

export interface ManifestOptions {
  readonly statement: BuildStatement;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Describes the folder of a bundle (`bin/`, `lib/`): every file by size, mode and hash, and what the inspector finds in
 * the binaries. The build is believed for what no file tells, never for images. Throws `BUNDLE_INVALID`,
 * `SOURCE_UNREADABLE`, `BINARY_TOO_LARGE`.
 */
export async function createBundleManifest(
  folder: string,
  { statement, signal }: ManifestOptions,
): Promise<BundleManifest> {
  signal?.throwIfAborted();
  const paths = (await listBundlePaths(folder)).filter(({ path }) => !isOwnFile(path));
  const binaries = await inspectBundle(folder, { signal });
  const found = summarizeBundle(binaries);
  if (found === undefined) {
    const reason = 'there is no bin/llama-server for a 64-bit x86 or Arm processor';
    throw invalidBundle(folder, [{ path: 'bin/llama-server', reason }]);
  }
  const { provided, requires, ...summary } = found;
  const { llamaCpp, compiler, flags, cpu } = statement;
  const toolkit = binaries.find((binary) => binary.toolkit !== undefined)?.toolkit;
  const build: BuildFacts = {
    ...(toolkit !== undefined && { toolkit }),
    ...(compiler !== undefined && { compiler }),
    ...(flags !== undefined && { flags }),
  };
  return {
    schemaVersion: BUNDLE_SCHEMA_VERSION,
    llamaCpp,
    ...summary,
    requires: { ...requires, ...(cpu !== undefined && { cpu }) },
    build,
    drivers: findDriverFloors(summary),
    provided,
    files: await describeFiles(folder, paths, signal),
    licenses: await findLicenses(folder, paths),
  };
}

/** The manifest as it is written. The same manifest gives the same bytes. */
export function formatBundleManifest(manifest: BundleManifest): string {
  return `${JSON.stringify(manifest, null, 1)}\n`;
}

/** What lies in the folder without being a part of the bundle. */
export function isOwnFile(path: string): boolean {
  return path === BUNDLE_MANIFEST || path === RUNTIME_MARKER;
}

async function describeFiles(
  folder: string,
  paths: readonly BundlePath[],
  signal: AbortSignal | undefined,
): Promise<readonly BundleEntry[]> {
  const entries: BundleEntry[] = [];
  for (const found of paths) {
    const { kind, path } = found;
    if (kind === 'link') entries.push({ path, target: found.target });
    else if (kind === 'file') {
      const { sizeBytes, sha256 } = await measureFile(join(folder, path), { signal });
      entries.push({ path, sizeBytes, mode: found.mode, sha256 });
    } else {
      const reason = 'it is neither a plain file nor a link';
      throw invalidBundle(folder, [{ path, reason }]);
    }
  }
  return entries;
}
