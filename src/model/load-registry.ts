import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';

import * as v from 'valibot';
import { LlcudaError } from '../errors/llcuda-error.ts';
import type { RegistryEntry } from './registry-entry.ts';
import { registrySchema } from './registry-schema.ts';

/** The registry that llcuda ships: data/models.json. */
const SHIPPED_REGISTRY = createRequire(import.meta.url).resolve('#data/models.json');

/** Reads a model registry and checks every entry. Throws `REGISTRY_INVALID`, naming the entry. */
export async function loadRegistry(
  path: string = SHIPPED_REGISTRY,
): Promise<readonly RegistryEntry[]> {
  const data = parseJson(path, await readFile(path, 'utf8'));
  const result = v.safeParse(registrySchema, data);
  if (!result.success) {
    const [issue] = result.issues;
    throw invalid(path, v.getDotPath(issue) ?? '(root)', issue.message);
  }
  const seen = new Set<string>();
  for (const entry of result.output.models) {
    for (const name of [entry.name, ...entry.aliases]) {
      const key = name.toLowerCase();
      if (seen.has(key)) throw invalid(path, entry.name, `the name ${name} is taken`);
      seen.add(key);
    }
  }
  return result.output.models;
}

function parseJson(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw invalid(path, '(root)', error instanceof Error ? error.message : String(error));
  }
}

function invalid(path: string, entry: string, reason: string): LlcudaError {
  return new LlcudaError('REGISTRY_INVALID', `Model registry ${path}, ${entry}: ${reason}`, {
    detail: { path, entry, reason },
    hint: 'Mend the entry: docs/reference/registry.md describes the format.',
  });
}
