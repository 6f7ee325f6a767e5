import { checkHost } from './check-host.ts';
import { checkImages } from './check-images.ts';
import type { CompatCode, CompatFatbin, CompatImage } from './compat-image.ts';
import type { Finding } from './finding.ts';
import type { HostDevice } from './host-device.ts';

/** What the rules find for one fatbin: the host first, then its images. */
export function judgeFatbin(
  images: readonly CompatImage[],
  host: HostDevice,
  runtimeMajor: number | undefined,
): Finding {
  return checkHost(host, runtimeMajor) ?? checkImages(images, host);
}

/**
 * The fatbins of a file that the driver loads: not the stubs, not empty ones, and the inputs of device linking
 * (`__nv_relfatbin`) only where there is nothing else, as in an object file.
 */
export function listJudgedFatbins(code: CompatCode): readonly CompatFatbin[] {
  const real = code.fatbins.filter(({ isStub, images }) => !isStub && images.length > 0);
  const loaded = real.filter(({ section }) => section !== '__nv_relfatbin');
  return loaded.length > 0 ? loaded : real;
}

/** One fatbin of each kind: a file of a thousand fatbins has a handful. Sizes are not compared. */
export function listDistinctFatbins(fatbins: readonly CompatFatbin[]): readonly CompatFatbin[] {
  const byKey = new Map<string, CompatFatbin>();
  for (const fatbin of fatbins) {
    const key = fatbin.images.map((image) => formatKey(image)).join();
    if (!byKey.has(key)) byKey.set(key, fatbin);
  }
  return [...byKey.values()];
}

export function formatKey({ kind, target, ptxIsa, compression }: CompatImage): string {
  const isa = ptxIsa === undefined ? '' : `${ptxIsa.major}.${ptxIsa.minor}`;
  return `${kind} ${target.capability}${target.variant ?? ''} ${isa} ${compression}`;
}
