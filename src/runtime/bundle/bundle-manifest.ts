import type { GpuSummary } from './gpu-summary.ts';

/** The name of the manifest in the top folder of a bundle. */
export const BUNDLE_MANIFEST = 'llcuda-bundle.json' as const;

/** The newest schema of the manifest that this llcuda writes and reads. */
export const BUNDLE_SCHEMA_VERSION = 1 as const;

export type BundleSystem = 'linux' | 'windows';
export type BundleArch = 'x64' | 'arm64';

/** What the manifest of a bundle says. All but `llamaCpp`, `build` and `requires.cpu` is found by reading the files. */
export interface BundleManifest extends BundleSummary {
  readonly schemaVersion: 1;
  readonly build: BuildFacts;
  /** What each kind of GPU gets, and the lowest driver for it, as the rules of the llcuda that packed it had it. */
  readonly drivers: readonly DriverFloor[];
  /** Sonames that its own files have. */
  readonly provided: readonly string[];
  /** Sorted by path; without the manifest itself. */
  readonly files: readonly BundleEntry[];
  readonly licenses: readonly BundleLicense[];
}

/** What has to be known of a bundle to judge it for a machine: the manifest and the index have it. */
export interface BundleSummary {
  readonly llamaCpp: LlamaCppVersion;
  readonly os: BundleSystem;
  readonly arch: BundleArch;
  readonly backend: 'cuda' | 'cpu';
  /** Its files with GPU code. */
  readonly gpu: readonly GpuFile[];
  /** Sonames that it needs from the machine. */
  readonly needed: readonly string[];
  readonly requires: HostFloors;
}

export interface LlamaCppVersion {
  /** As `llama-server --version` says: the number of the build, or a release. */
  readonly version: string;
  readonly commit?: string | undefined;
}

export interface BuildFacts {
  /** The CUDA toolkit: `12.4`. */
  readonly toolkit?: string | undefined;
  readonly compiler?: string | undefined;
  readonly flags?: readonly string[] | undefined;
}

export interface GpuFile extends GpuSummary {
  readonly path: string;
}

export interface HostFloors {
  /** Lowest GNU C library. */
  readonly glibc?: string | undefined;
  /** Lowest symbol version of libstdc++. */
  readonly glibcxx?: string | undefined;
  /** Lowest level of the processor, such as `x86-64-v3`. Not known unless the build says so. */
  readonly cpu?: string | undefined;
}

export interface DriverFloor {
  /** `7.5`. */
  readonly capability: string;
  readonly outcome: 'native' | 'jit';
  readonly minimumDriver: string;
}

export type BundleEntry = BundleFile | BundleLink;

export interface BundleFile {
  readonly path: string;
  readonly sizeBytes: number;
  /** `755` or `644`. */
  readonly mode: '755' | '644';
  /** Lower-case hex. */
  readonly sha256: string;
}

export interface BundleLink {
  readonly path: string;
  /** Where the symbolic link leads, relative to its folder. */
  readonly target: string;
}

export interface BundleLicense {
  readonly component: string;
  /** An SPDX identifier, or `LicenseRef-...`. */
  readonly license: string;
  /** Of its text in the bundle. */
  readonly path?: string | undefined;
}
