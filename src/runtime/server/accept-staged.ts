import { isDeepStrictEqual } from 'node:util';
import { BUNDLE_MANIFEST, type BundleManifest } from '../bundle/bundle-manifest.ts';
import { checkBundle } from '../bundle/check-bundle.ts';
import { invalidBundle } from '../bundle/invalid-bundle.ts';
import { nameBundle } from '../bundle/name-bundle.ts';
import type { InstallContext } from './install-context.ts';
import { judgeBundle } from './judge-bundle.ts';
import { unfit, type JudgedBundle } from './plan-install.ts';
import { proveRuntime } from './prove-runtime.ts';
import { writeMarker, type ServerMarker } from './server-store.ts';

export interface AcceptOptions extends InstallContext {
  /** What messages call the bundle. */
  readonly source: string;
  /** What the index said of it. */
  readonly chosen: JudgedBundle | undefined;
}

/**
 * Decides about a staged bundle by its files alone: they are what the manifest and the index say, they run on this
 * machine by the rules, and the program starts. Then it gets its marker. Throws `BUNDLE_INVALID`, `RUNTIME_UNFIT`,
 * `RUNTIME_INSTALL_FAILED`.
 */
export async function acceptStaged(staging: string, options: AcceptOptions): Promise<ServerMarker> {
  const { host, profile, gpu, signal, source, chosen, onProgress } = options;
  onProgress({ type: 'step', message: 'Checking every file' });
  const { stated, found, problems } = await checkBundle(staging, { signal });
  if (found === undefined || problems.length > 0) throw invalidBundle(source, problems);
  // The manifest's own bytes make the name: it holds what the build states too.
  const name = nameBundle(stated);
  checkChosen(found, { name, chosen, source });
  const judgement = judgeBundle(found, profile, { gpu });
  if (judgement.outcome === 'fail') throw unfit([{ name, judgement }]);
  onProgress({ type: 'step', message: `Starting ${name} to see that it runs` });
  const { os, backend } = found;
  const needsGpu = backend === 'cuda';
  const proof = await proveRuntime(staging, { host, name, os, needsGpu, signal });
  const sizeBytes = found.files.reduce(
    (sum, file) => sum + ('target' in file ? 0 : file.sizeBytes),
    0,
  );
  const { llamaCpp } = stated;
  const { devices } = proof;
  const facts = { name, llamaCpp, os, backend, devices, sizeBytes };
  const marker: ServerMarker = { schemaVersion: 1, kind: 'server', ...facts };
  await writeMarker(staging, marker);
  return marker;
}

/** An index must not promise what the bundle does not hold. */
function checkChosen(
  found: BundleManifest,
  { name, chosen, source }: { name: string; chosen: JudgedBundle | undefined; source: string },
): void {
  if (chosen === undefined) return;
  const { bundle } = chosen;
  const { llamaCpp, os, arch, backend, gpu, needed, requires } = found;
  const facts = { name, llamaCpp, os, arch, backend, gpu, needed, requires };
  const promised = Object.fromEntries(Object.entries(bundle).filter(([key]) => key in facts));
  const isKept = isDeepStrictEqual(
    JSON.parse(JSON.stringify(promised)),
    JSON.parse(JSON.stringify(facts)),
  );
  if (isKept) return;
  const reason = 'its files are other than the index states';
  throw invalidBundle(source, [{ path: BUNDLE_MANIFEST, reason }]);
}
