import { createHash } from 'node:crypto';
import type { BundleManifest } from './bundle-manifest.ts';
import { formatBundleManifest } from './create-bundle-manifest.ts';

/** Hex digits of the manifest's hash in a name: two builds of one version have different names. */
const DIGEST_LENGTH = 8;

/** What a bundle is called in the store and in indexes: `b6000-linux-x64-cuda12-0f1e2d3c`. It follows from the manifest. */
export function nameBundle(manifest: BundleManifest): string {
  const { llamaCpp, os, arch, backend, gpu } = manifest;
  const majors = gpu.flatMap(({ runtimeMajor }) => runtimeMajor ?? []);
  const label = backend === 'cuda' && majors.length > 0 ? `cuda${Math.max(...majors)}` : backend;
  const digest = createHash('sha256').update(formatBundleManifest(manifest)).digest('hex');
  return [llamaCpp.version, os, arch, label, digest.slice(0, DIGEST_LENGTH)].join('-');
}
