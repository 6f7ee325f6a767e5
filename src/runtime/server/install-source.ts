import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { LlcudaError } from '../../errors/llcuda-error.ts';
import type { ProgressSink } from '../../events/progress-event.ts';
import type { Host } from '../../host/host.ts';
import type { HttpFetch } from '../../net/http-fetch.ts';
import type { IndexedBundle } from '../index/bundle-index.ts';
import { isRemoteLocation, readIndex, type IndexSource } from '../index/read-index.ts';
import { loadConfig } from './load-config.ts';

/** A bundle of an index that could be installed. */
export interface InstallCandidate {
  readonly bundle: IndexedBundle;
  readonly index: IndexSource;
}

/** Where a runtime is to come from. */
export type InstallSource =
  | { readonly kind: 'archive' | 'folder'; readonly path: string }
  | { readonly kind: 'index'; readonly candidates: readonly InstallCandidate[] };

export interface FindSourceOptions {
  readonly host: Host;
  readonly fetch: HttpFetch;
  /** Asked instead of those of the configuration. */
  readonly indexes?: readonly IndexSource[] | undefined;
  readonly onProgress: ProgressSink;
  readonly signal?: AbortSignal | undefined;
}

/**
 * What a SPEC means: a folder or archive that is there, else the bundles of the indexes that it names (`b6000`, a name, a
 * file), else all of them. Throws `RUNTIME_NOT_FOUND`, `SOURCE_UNREADABLE`, and what `readIndex` and `loadConfig` throw.
 */
export async function findInstallSource(
  spec: string | undefined,
  options: FindSourceOptions,
): Promise<InstallSource> {
  const local = spec === undefined ? undefined : await findLocal(spec, options.host);
  if (local !== undefined) return local;
  const indexes = options.indexes ?? (await loadConfig(options.host)).indexes;
  if (indexes.length === 0) throw noIndex(spec);
  const all = await readCandidates(indexes, options);
  const candidates = all.filter(({ bundle }) => spec === undefined || isNamed(bundle, spec));
  if (candidates.length > 0) return { kind: 'index', candidates };
  const names = all.slice(0, 20).map(({ bundle }) => bundle.name);
  throw new LlcudaError('RUNTIME_NOT_FOUND', `No index has a bundle called ${spec ?? 'anything'}`, {
    detail: { runtime: spec ?? '', installed: names },
    hint: 'Run `llcuda install --dry-run` for what there is.',
  });
}

async function findLocal(spec: string, host: Host): Promise<InstallSource | undefined> {
  const path = resolve(host.workingDirectory, spec);
  const stats = await stat(path).catch(() => undefined);
  if (stats?.isDirectory() === true) return { kind: 'folder', path };
  if (stats?.isFile() === true) return { kind: 'archive', path };
  const looksLikePath = /[/\\]|\.(?:tar\.gz|tgz|zip|tar|tar\.zst)$/i.test(spec);
  if (!looksLikePath || stats !== undefined) return undefined;
  if (/^[\w.+-]+\.tar\.gz$/.test(spec)) return undefined;
  throw new LlcudaError('SOURCE_UNREADABLE', `Cannot read ${spec}: there is no such file`, {
    detail: { source: spec, reason: 'there is no such file' },
    hint: 'Name an archive, a folder, or a bundle of an index, such as b6000.',
  });
}

/** An index that cannot be reached is passed over if another can be; one that cannot be trusted ends it. */
async function readCandidates(
  indexes: readonly IndexSource[],
  options: FindSourceOptions,
): Promise<readonly InstallCandidate[]> {
  const found: InstallCandidate[] = [];
  const failures: LlcudaError[] = [];
  for (const index of indexes) {
    checkTrusted(index);
    try {
      const { bundles } = await readIndex(index, options);
      found.push(...bundles.map((bundle) => ({ bundle, index })));
    } catch (error) {
      const isAway = LlcudaError.is(error) && error.code.startsWith('DOWNLOAD_');
      if (!isAway) throw error;
      failures.push(error);
      options.onProgress({ type: 'notice', message: `${error.message}; trying without it` });
    }
  }
  const [failure] = failures;
  if (failure !== undefined && failures.length === indexes.length) throw failure;
  return found;
}

/** Nothing is taken from elsewhere on its own word. */
function checkTrusted({ location, publicKey }: IndexSource): void {
  if (publicKey !== undefined || !isRemoteLocation(location)) return;
  throw new LlcudaError(
    'USAGE_INVALID',
    'An index on a server needs the public key that signs it',
    {
      detail: { argument: '--public-key' },
      hint: 'Add --public-key ed25519:..., as its owner publishes it.',
    },
  );
}

function isNamed({ name, file, llamaCpp }: IndexedBundle, spec: string): boolean {
  return name === spec || file === spec || llamaCpp.version === spec || name.startsWith(`${spec}-`);
}

function noIndex(spec: string | undefined): LlcudaError {
  const message =
    spec === undefined
      ? 'No index of bundles is configured'
      : `There is no ${spec} here, and no index is configured`;
  return new LlcudaError('RUNTIME_NOT_FOUND', message, {
    detail: { runtime: spec ?? '', installed: [] },
    hint: 'Name an archive or a folder, add `--index URL --public-key KEY`, or list indexes in config.json of the store.',
  });
}
