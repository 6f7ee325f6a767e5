import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseTarget, resolveTarget } from '../../src/compat/parse-target.ts';
import { addToIndex } from '../../src/runtime/index/edit-index.ts';
import { packRuntime } from '../../src/runtime/pack/pack-runtime.ts';
import { previewInstall } from '../../src/runtime/server/preview-install.ts';
import { gpuHost } from '../support/gpu-host.ts';
import { createRuntimeFolder } from '../support/runtime-folder.ts';
import { createTemporaryDirectory } from '../support/temporary-directory.ts';
import { findCudaTools, findToolFile } from './find-cuda-tools.ts';

const tools = await findCudaTools();
const isThere = tools.folders.has('node-llama-cpp') && tools.folders.has('node-llama-cpp-fallback');

describe('a bundle with a real CUDA build of llama.cpp', () => {
  it.runIf(isThere)('is judged by its index as its library is judged itself', async () => {
    await using site = await createTemporaryDirectory();
    await using store = await createTemporaryDirectory();
    // Built with CUDA 13.1 and with 12.4: both hold PTX alone for a T4.
    for (const item of ['node-llama-cpp', 'node-llama-cpp-fallback']) {
      await using folder = await createRuntimeFolder();
      const library = findToolFile(tools, item, 'libggml-cuda.so');
      await cp(library, join(folder.path, 'lib', 'libggml-cuda.so'), { dereference: true });
      const output = join(site.path, `${item}.tar.gz`);
      await packRuntime(folder.path, { output });
      await addToIndex(site.path, [output]);
    }
    const text = 't4,driver=550.54.15';

    const plan = await previewInstall(undefined, {
      host: gpuHost(store.path),
      indexes: [{ location: site.path }],
      for: resolveTarget(parseTarget(text), text),
    });

    expect(plan?.ranked.map(({ bundle, outcome }) => [bundle.file, outcome])).toEqual([
      ['node-llama-cpp-fallback.tar.gz', 'jit'],
      ['node-llama-cpp.tar.gz', 'fail'],
    ]);
    expect(plan?.ranked[1]?.judgement?.verdict).toMatchObject({ judgedFatbins: 143 });
  });
});
