import { mkdir, truncate, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createDataHost } from '../../src/host/create-data-host.ts';
import { findRegistryEntry } from '../../src/model/find-registry-entry.ts';
import { listModels } from '../../src/model/list-models.ts';
import { loadRegistry } from '../../src/model/load-registry.ts';
import { entryPath } from '../../src/model/pull-entry.ts';
import { hostWithStore } from '../support/serve-hub.ts';
import { createTemporaryDirectory } from '../support/temporary-directory.ts';
import { testModel, testStore } from '../support/test-store.ts';

describe('listModels', () => {
  it('lists the registry in its order, nothing of it present in an empty store', async () => {
    await using store = await createTemporaryDirectory();
    const registry = await loadRegistry();

    const models = await listModels({ host: hostWithStore(store.path) });

    expect(models).toEqual(registry.map((entry) => ({ entry, path: undefined })));
  });

  it('tells where a model is that was fetched', async () => {
    const models = await listModels({ host: hostWithStore(testStore) });

    const model = models.find(({ entry }) => entry.name === testModel);
    expect(model?.path?.startsWith(testStore)).toBe(true);
  });

  it.each([
    ['of the right size is present', 0, true],
    ['that is too short is not', -1, false],
    ['that is too long is not', 1, false],
  ])('a file %s', async (_what, moreBytes, isPresent) => {
    await using store = await createTemporaryDirectory();
    const host = createDataHost({ env: { LLCUDA_HOME: store.path } });
    const entry = findRegistryEntry(await loadRegistry(), testModel)!;
    const path = entryPath(entry, { host });
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, '');
    await truncate(path, entry.sizeBytes + moreBytes);

    const models = await listModels({ host });

    const present = models.filter((model) => model.path !== undefined);
    expect(present.map((model) => model.path)).toEqual(isPresent ? [path] : []);
  });
});
