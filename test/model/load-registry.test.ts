import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadRegistry } from '../../src/model/load-registry.ts';
import type { RegistryEntry } from '../../src/model/registry-entry.ts';
import { createTemporaryDirectory } from '../support/temporary-directory.ts';

const entry = {
  name: 'tiny',
  aliases: ['tiny-q8'],
  title: 'Tiny',
  task: 'chat',
  quantization: 'Q8_0',
  license: 'mit',
  gated: false,
  sizeBytes: 1000,
  sha256: 'ab'.repeat(32),
  sources: [
    { kind: 'huggingface', repository: 'a/b', revision: 'c'.repeat(40), file: 'd/tiny.gguf' },
  ],
} as const satisfies RegistryEntry;
const [hubSource] = entry.sources;
const wheelSource = {
  kind: 'python-package',
  package: 'tiny',
  version: '1.0',
  wheelSha256: 'cd'.repeat(32),
  member: 'tiny/tiny.gguf',
};

describe('loadRegistry, of the shipped registry', () => {
  it('pins every model by commit, size and hash', async () => {
    const registry = await loadRegistry();

    expect(registry.length).toBeGreaterThan(20);
    for (const { sha256, sizeBytes, sources } of registry) {
      expect(sha256).toMatch(/^[0-9a-f]{64}$/);
      expect(sizeBytes).toBeGreaterThan(100_000);
      for (const source of sources) {
        if (source.kind === 'huggingface') expect(source.revision).toMatch(/^[0-9a-f]{40}$/);
        else expect(source.wheelSha256).toMatch(/^[0-9a-f]{64}$/);
      }
    }
  });

  it('has every name and every file once', async () => {
    const registry = await loadRegistry();

    const names = registry.flatMap(({ name, aliases }) => [name, ...aliases]);
    const keys = names.map((name) => name.toLowerCase());
    const hashes = registry.map(({ sha256 }) => sha256);
    expect(new Set(keys).size).toBe(keys.length);
    expect(new Set(hashes).size).toBe(hashes.length);
  });
});

describe('loadRegistry', () => {
  it('reads a registry with both kinds of source', async () => {
    await using directory = await createTemporaryDirectory();
    const path = join(directory.path, 'models.json');
    const models = [{ ...entry, sampling: { temperature: 0 }, sources: [hubSource, wheelSource] }];
    await writeFile(path, JSON.stringify({ schemaVersion: 1, models }));

    const registry = await loadRegistry(path);

    expect(registry).toEqual(models);
  });

  it.each<[string, unknown, string]>([
    ['no object', 'models', '(root)'],
    ['another version', { schemaVersion: 2, models: [] }, 'schemaVersion'],
    ['no list', { schemaVersion: 1, models: {} }, 'models'],
    ['a short hash', [{ ...entry, sha256: 'ab' }], 'models.0.sha256'],
    ['a hash in capitals', [{ ...entry, sha256: 'AB'.repeat(32) }], 'models.0.sha256'],
    ['a size that is no number', [{ ...entry, sizeBytes: '1000' }], 'models.0.sizeBytes'],
    ['a size of nothing', [{ ...entry, sizeBytes: 0 }], 'models.0.sizeBytes'],
    ['an unknown task', [{ ...entry, task: 'paint' }], 'models.0.task'],
    ['an unknown field', [{ ...entry, url: 'https://host/' }], 'models.0.url'],
    ['a name with a slash', [{ ...entry, name: 'a/b' }], 'models.0.name'],
    ['no source', [{ ...entry, sources: [] }], 'models.0.sources'],
    [
      'a moving revision',
      [{ ...entry, sources: [{ ...hubSource, revision: 'main' }] }],
      'models.0.sources.0.revision',
    ],
    [
      'a file that leaves the repository',
      [{ ...entry, sources: [{ ...hubSource, file: 'a/../../b.gguf' }] }],
      'models.0.sources.0.file',
    ],
    [
      'an unknown kind of source',
      [entry, { ...entry, name: 'other', sources: [{ kind: 'ftp' }] }],
      'models.1.sources.0.kind',
    ],
    [
      'a wheel without a hash',
      [{ ...entry, sources: [{ ...wheelSource, wheelSha256: undefined }] }],
      'models.0.sources.0.wheelSha256',
    ],
    ['a name that is taken', [entry, { ...entry, aliases: [] }], 'tiny'],
    ['an alias that is taken', [entry, { ...entry, name: 'b', aliases: ['TINY'] }], 'b'],
    ['the own name as an alias', [{ ...entry, aliases: ['Tiny'] }], 'tiny'],
  ])('refuses %s, and names the place', async (_what, written, place) => {
    await using directory = await createTemporaryDirectory();
    const path = join(directory.path, 'models.json');
    const registry = Array.isArray(written) ? { schemaVersion: 1, models: written } : written;
    await writeFile(path, JSON.stringify(registry));

    const loading = loadRegistry(path);

    await expect(loading).rejects.toMatchObject({
      code: 'REGISTRY_INVALID',
      detail: { path, entry: place },
    });
  });

  it('refuses text that is no JSON', async () => {
    await using directory = await createTemporaryDirectory();
    const path = join(directory.path, 'models.json');
    await writeFile(path, '{"schemaVersion": 1,');

    const loading = loadRegistry(path);

    await expect(loading).rejects.toMatchObject({
      code: 'REGISTRY_INVALID',
      detail: { path, entry: '(root)' },
    });
  });
});
