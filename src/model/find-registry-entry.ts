import { LlcudaError } from '../errors/llcuda-error.ts';
import { editDistance } from '../units/edit-distance.ts';
import type { RegistryEntry } from './registry-entry.ts';

const MAX_SUGGESTIONS = 3;

/** The entry with this name or alias, ignoring case. */
export function findRegistryEntry(
  registry: readonly RegistryEntry[],
  name: string,
): RegistryEntry | undefined {
  const key = name.toLowerCase();
  return registry.find((entry) =>
    [entry.name, ...entry.aliases].some((known) => known.toLowerCase() === key),
  );
}

/** Like `findRegistryEntry`; throws `MODEL_UNKNOWN` with the nearest names when there is none. */
export function requireRegistryEntry(
  registry: readonly RegistryEntry[],
  name: string,
): RegistryEntry {
  const entry = findRegistryEntry(registry, name);
  if (entry) return entry;
  const suggestions = suggestNames(registry, name);
  throw new LlcudaError('MODEL_UNKNOWN', `No model is called ${name}`, {
    detail: { name, suggestions },
    hint:
      suggestions.length > 0
        ? `Did you mean ${suggestions.join(' or ')}? \`llcuda models\` lists all.`
        : 'Run `llcuda models` for the names, or give the path of a .gguf file.',
  });
}

/** Names that are nearly this one: few edits away, or starting with it. Best first. */
export function suggestNames(registry: readonly RegistryEntry[], name: string): readonly string[] {
  const limit = Math.max(1, Math.floor(name.length / 4));
  const ranked = registry
    .flatMap((entry) => [entry.name, ...entry.aliases])
    .map((known) => ({ known, distance: distanceTo(known, name) }))
    .filter(({ distance }) => distance <= limit);
  return ranked
    .sort((left, right) => left.distance - right.distance)
    .slice(0, MAX_SUGGESTIONS)
    .map(({ known }) => known);
}

function distanceTo(known: string, name: string): number {
  if (name.length >= 3 && known.toLowerCase().startsWith(name.toLowerCase())) return 1;
  return editDistance(known, name);
}
