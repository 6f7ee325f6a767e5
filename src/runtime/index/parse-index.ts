import * as v from 'valibot';
import { LlcudaError } from '../../errors/llcuda-error.ts';
import type { GpuFile } from '../bundle/bundle-manifest.ts';
import { bundleSummaryEntries, gpuFilesSchema, sha256Schema } from '../bundle/bundle-schema.ts';
import { parseVersioned } from '../parse-versioned.ts';
import { INDEX_SCHEMA_VERSION, type BundleIndex } from './bundle-index.ts';

const size = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const name = v.pipe(v.string(), v.regex(/^[A-Za-z0-9][\w.+-]{0,199}$/, 'must be a plain name'));

function createIndexSchema(): v.GenericSchema<unknown, BundleIndex> {
  return v.object({
    schemaVersion: v.literal(1),
    expiresAt: v.optional(v.pipe(v.string(), v.isoTimestamp())),
    bundles: v.pipe(
      v.array(
        v.object({
          name,
          file: v.pipe(name, v.endsWith('.tar.gz')),
          sizeBytes: size,
          sha256: sha256Schema,
          unpackedBytes: size,
          ...bundleSummaryEntries,
          gpu: gpuFilesOnce(),
        }),
      ),
      v.maxLength(100_000),
    ),
  });
}

/**
 * Most bundles of an index hold GPU code for the same targets, as each build of llama.cpp is made the same way: what is
 * alike is checked once, which halves the time for an index of a thousand, and is one object afterwards.
 */
function gpuFilesOnce(): v.GenericSchema<unknown, readonly GpuFile[]> {
  const checked = new Map<string, readonly GpuFile[]>();
  return v.pipe(
    v.array(v.unknown()),
    v.rawTransform(({ dataset, addIssue, NEVER }) => {
      const key = JSON.stringify(dataset.value);
      const known = checked.get(key);
      if (known !== undefined) return known;
      const result = v.safeParse(gpuFilesSchema, dataset.value, { abortEarly: true });
      if (!result.success) {
        const [issue] = result.issues;
        addIssue({ message: `${v.getDotPath(issue) ?? 'it'}: ${issue.message}` });
        return NEVER;
      }
      checked.set(key, result.output);
      return result.output;
    }),
  );
}

/** Reads the text of an index. Throws `INDEX_INVALID` or `SCHEMA_TOO_NEW`. */
export function parseIndex(text: string, source: string): BundleIndex {
  return parseVersioned(text, {
    schema: createIndexSchema(),
    known: INDEX_SCHEMA_VERSION,
    source,
    invalid: (reason) => invalidIndex(source, reason),
  });
}

/** The text of an index as it is written, and signed: a bundle a line, for short files and differences that can be read. */
export function formatIndex({ bundles, ...head }: BundleIndex): string {
  const lines = bundles.map((bundle) => JSON.stringify(bundle)).join(',\n');
  return `${JSON.stringify(head).slice(0, -1)},"bundles":[\n${lines}\n]}\n`;
}

export function invalidIndex(index: string, reason: string): LlcudaError<'INDEX_INVALID'> {
  return new LlcudaError('INDEX_INVALID', `The index ${index} cannot be used: ${reason}`, {
    detail: { index, reason },
    hint: 'Run `llcuda index check FOLDER` where it is made.',
  });
}
