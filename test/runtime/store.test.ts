import { describe, expect, it } from 'vitest';
import { createDataHost } from '../../src/host/create-data-host.ts';
import { resolveStore } from '../../src/runtime/store.ts';

describe('resolveStore', () => {
  it.each([
    { env: {}, root: '/home/user/.cache/llcuda' },
    { env: { XDG_CACHE_HOME: '/cache' }, root: '/cache/llcuda' },
    { env: { XDG_CACHE_HOME: 'relative' }, root: '/home/user/.cache/llcuda' },
    { env: { LLCUDA_HOME: '/data/llcuda', XDG_CACHE_HOME: '/cache' }, root: '/data/llcuda' },
    { env: { LLCUDA_HOME: 'here' }, root: '/work/here' },
    { env: { LLCUDA_HOME: '' }, root: '/home/user/.cache/llcuda' },
  ])('is $root with $env', ({ env, root }) => {
    const store = resolveStore(createDataHost({ env, workingDirectory: '/work' }));

    expect(store).toEqual({
      root,
      models: `${root}/models`,
      runtimes: `${root}/runtimes`,
      sources: `${root}/sources`,
      builds: `${root}/builds`,
      staging: `${root}/staging`,
    });
  });
});
