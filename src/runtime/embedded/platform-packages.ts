import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import * as v from 'valibot';
import { LlcudaError } from '../../errors/llcuda-error.ts';
import type { Host } from '../../host/host.ts';
import { findLibc } from '../../probe/find-libc.ts';

const integrity = v.pipe(v.string(), v.startsWith('sha512-'));

/** The npm package that holds llama.cpp for one platform. */
export interface PlatformPackage {
  readonly platform: string;
  readonly arch: string;
  /** The C library that it needs, on Linux. */
  readonly libc?: string | undefined;
  readonly package: string;
  /** Its version, which is that of node-llama-cpp as well. */
  readonly version: string;
  readonly integrity: string;
}

const platformsSchema: v.GenericSchema<
  unknown,
  { readonly platforms: readonly PlatformPackage[] }
> = v.object({
  platforms: v.array(
    v.object({
      platform: v.string(),
      arch: v.string(),
      libc: v.optional(v.string()),
      package: v.string(),
      version: v.string(),
      integrity,
    }),
  ),
});

const lockSchema = v.looseObject({
  packages: v.record(
    v.string(),
    v.looseObject({
      integrity: v.optional(integrity),
      dependencies: v.optional(v.record(v.string(), v.string())),
    }),
  ),
});

export interface EmbeddedManifest {
  readonly packageJson: string;
  readonly packageLock: string;
}

/**
 * The one package that a host needs, out of data/embedded-runtime/platforms.json. Throws
 * `RUNTIME_UNSUPPORTED`.
 */
export async function choosePlatformPackage(host: Host): Promise<PlatformPackage> {
  const { platforms } = v.parse(platformsSchema, await readData('platforms.json'));
  const libc = await findLibc(host);
  const found = platforms.find(
    (row) =>
      row.platform === host.platform &&
      row.arch === host.arch &&
      (row.libc === undefined || libc === undefined || row.libc === libc),
  );
  if (found) return found;
  const { platform, arch } = host;
  const words = [platform, arch, libc].filter(Boolean).join(', ');
  throw new LlcudaError('RUNTIME_UNSUPPORTED', `There is no embedded runtime for ${words}`, {
    detail: { platform, arch, ...(libc && { libc }) },
    hint: 'See docs/reference/platforms.md for the platforms that have one.',
  });
}

/**
 * package.json and package-lock.json that make `npm ci` install node-llama-cpp and this one platform
 * package, every package pinned by its integrity hash.
 */
export async function createEmbeddedManifest(platform: PlatformPackage): Promise<EmbeddedManifest> {
  const lock = v.parse(lockSchema, await readData(`lock-${platform.version}.json`));
  const { '': root = {}, ...pinned } = lock.packages;
  for (const [path, entry] of Object.entries(pinned)) {
    if (entry.integrity === undefined) throw new Error(`${path} of the shipped lock has no hash`);
  }
  const dependencies = { ...root.dependencies, [platform.package]: platform.version };
  const packages = {
    ...pinned,
    '': { ...root, dependencies },
    [`node_modules/${platform.package}`]: {
      version: platform.version,
      integrity: platform.integrity,
    },
  };
  const header = { name: lock['name'], version: lock['version'] };
  return {
    packageJson: JSON.stringify({ ...header, private: true, dependencies }),
    packageLock: JSON.stringify({ ...lock, packages }),
  };
}

async function readData(name: string): Promise<unknown> {
  const path = createRequire(import.meta.url).resolve(`#data/embedded-runtime/${name}`);
  return JSON.parse(await readFile(path, 'utf8'));
}
