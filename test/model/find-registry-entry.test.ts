import { describe, expect, it } from 'vitest';
import {
  findRegistryEntry,
  requireRegistryEntry,
  suggestNames,
} from '../../src/model/find-registry-entry.ts';
import { loadRegistry } from '../../src/model/load-registry.ts';

describe('findRegistryEntry', () => {
  // The names of the Python package llcuda 1.x, which people have in their scripts.
  it.each([
    ['gemma-3-1b-Q4_K_M', 'gemma-3-1b'],
    ['gemma-3-4b-Q4_K_M', 'gemma-3-4b'],
    ['gemma-3-12b-Q4_K_M', 'gemma-3-12b'],
    ['gemma-2-2b-Q4_K_M', 'gemma-2-2b'],
    ['llama-3.2-1b-Q4_K_M', 'llama-3.2-1b'],
    ['llama-3.2-3b-Q4_K_M', 'llama-3.2-3b'],
    ['llama-3.1-8b-Q4_K_M', 'llama-3.1-8b'],
    ['qwen-2.5-1.5b-Q4_K_M', 'qwen2.5-1.5b'],
    ['qwen-2.5-7b-Q4_K_M', 'qwen2.5-7b'],
    ['phi-3-mini-Q4_K_M', 'phi-3-mini'],
    ['mistral-7b-Q4_K_M', 'mistral-7b-v0.2'],
    ['tinyllama-1.1b-Q4_K_M', 'tinyllama-1.1b'],
    ['deepseek-r1-7b-Q4_K_M', 'deepseek-r1-7b'],
    ['smollm2-135m', 'smollm2-135m'],
    ['SmolLM2-135M', 'smollm2-135m'],
  ])('finds %s as %s', async (name, expected) => {
    const registry = await loadRegistry();

    const entry = findRegistryEntry(registry, name);

    expect(entry?.name).toBe(expected);
  });

  it('finds nothing for a name that is not there', async () => {
    const registry = await loadRegistry();

    const entry = findRegistryEntry(registry, 'smollm2');

    expect(entry).toBeUndefined();
  });
});

describe('requireRegistryEntry', () => {
  it('names what was probably meant', async () => {
    const registry = await loadRegistry();

    expect(() => requireRegistryEntry(registry, 'smolm2-135m')).toThrow(
      expect.objectContaining({
        code: 'MODEL_UNKNOWN',
        detail: {
          name: 'smolm2-135m',
          suggestions: expect.arrayContaining(['smollm2-135m']) as unknown,
        },
        hint: expect.stringContaining('Did you mean smollm2-135m') as unknown,
      }),
    );
  });

  it('points at the list when nothing is near', async () => {
    const registry = await loadRegistry();

    expect(() => requireRegistryEntry(registry, 'zzzzzzzz')).toThrow(
      expect.objectContaining({
        code: 'MODEL_UNKNOWN',
        detail: { name: 'zzzzzzzz', suggestions: [] },
        hint: expect.stringContaining('llcuda models') as unknown,
      }),
    );
  });
});

describe('suggestNames', () => {
  it.each([
    ['smolm2-135m', 'smollm2-135m'],
    ['gemma3-1b', 'gemma-3-1b'],
    ['GEMMA-3-1', 'gemma-3-1b'],
    ['tinyllama', 'tinyllama-1.1b'],
  ])('offers, for %s, %s first', async (name, expected) => {
    const registry = await loadRegistry();

    const [first] = suggestNames(registry, name);

    expect(first).toBe(expected);
  });

  it('offers three at most', async () => {
    const registry = await loadRegistry();

    const names = suggestNames(registry, 'gemma-3');

    expect(names).toHaveLength(3);
  });
});
