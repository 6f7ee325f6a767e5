import * as v from 'valibot';
import type { BundleManifest, BundleSummary, GpuFile } from './bundle-manifest.ts';

/** Longest text of a manifest: paths are limited when they are unpacked, flags of cmake get long. Characters. */
const TEXT_MAXIMUM_LENGTH = 4096;
/** Entries of any list in a manifest or index. A bundle has some tens of files, an index some hundred bundles. */
const LIST_MAXIMUM_LENGTH = 100_000;

const text = v.pipe(v.string(), v.nonEmpty(), v.maxLength(TEXT_MAXIMUM_LENGTH));
const size = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

export const sha256Schema: v.GenericSchema<unknown, string> = v.pipe(
  v.string(),
  v.regex(/^[0-9a-f]{64}$/, 'must be 64 lower-case hex digits'),
);

/** A version that may become a part of a folder's name. */
const plainVersion = v.pipe(
  v.string(),
  v.regex(/^[A-Za-z0-9][\w.+-]{0,63}$/, 'must be a plain version'),
);
const dotted = v.pipe(v.string(), v.regex(/^\d{1,6}(?:\.\d{1,6}){0,4}$/, 'must be a version'));

function list<Item>(item: v.GenericSchema<unknown, Item>): v.GenericSchema<unknown, Item[]> {
  return v.pipe(v.array(item), v.maxLength(LIST_MAXIMUM_LENGTH));
}

const image = v.object({
  kind: v.picklist(['sass', 'ptx', 'lto', 'mercury', 'unknown']),
  target: v.pipe(v.string(), v.regex(/^(?:sm|compute)_\d{1,4}[af]?$/, 'must be like sm_75')),
  ptxIsa: v.optional(v.pipe(v.string(), v.regex(/^\d{1,3}\.\d{1,3}$/))),
  compression: v.picklist(['none', 'lz4', 'lz4-frame', 'zstd', 'unknown']),
  bytes: v.optional(size),
  isConcatenated: v.optional(v.literal(true)),
});

const gpuFile = v.object({
  path: text,
  runtimeMajor: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(99))),
  fatbins: list(v.object({ count: v.pipe(size, v.minValue(1)), images: list(image) })),
});

export const gpuFilesSchema: v.GenericSchema<unknown, readonly GpuFile[]> = list(gpuFile);

/** Fields that a newer llcuda adds are passed over: what must not be missed raises `schemaVersion`. */
export const bundleSummaryEntries: {
  readonly [Key in keyof BundleSummary]: v.GenericSchema<unknown, BundleSummary[Key]>;
} = {
  llamaCpp: v.object({
    version: plainVersion,
    commit: v.optional(v.pipe(v.string(), v.regex(/^[0-9a-f]{7,40}$/, 'must be a commit'))),
  }),
  os: v.picklist(['linux', 'windows']),
  arch: v.picklist(['x64', 'arm64']),
  backend: v.picklist(['cuda', 'cpu']),
  gpu: gpuFilesSchema,
  needed: list(text),
  requires: v.object({
    glibc: v.optional(dotted),
    glibcxx: v.optional(dotted),
    cpu: v.optional(text),
  }),
};

export const bundleManifestSchema: v.GenericSchema<unknown, BundleManifest> = v.object({
  schemaVersion: v.literal(1),
  ...bundleSummaryEntries,
  build: v.object({
    toolkit: v.optional(text),
    compiler: v.optional(text),
    flags: v.optional(list(text)),
  }),
  drivers: list(
    v.object({
      capability: dotted,
      outcome: v.picklist(['native', 'jit']),
      minimumDriver: dotted,
    }),
  ),
  provided: list(text),
  files: list(
    v.union([
      v.object({
        path: text,
        sizeBytes: size,
        mode: v.picklist(['755', '644']),
        sha256: sha256Schema,
      }),
      v.object({ path: text, target: text }),
    ]),
  ),
  licenses: list(v.object({ component: text, license: text, path: v.optional(text) })),
});
