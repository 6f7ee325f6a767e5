import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parseTarget, resolveTarget } from '../../src/compat/parse-target.ts';
import { createNodeHost } from '../../src/host/create-node-host.ts';
import type { Host } from '../../src/host/host.ts';
import { inspectBinary } from '../../src/inspect/inspect-binary.ts';
import { createTemporaryDirectory } from '../support/temporary-directory.ts';

function hostWith(folder: string, env: Readonly<Record<string, string>> = {}): Host {
  const host = createNodeHost();
  return { ...host, env: { ...host.env, LLCUDA_HOME: folder, ...env } };
}

test('shows what node-llama-cpp 3.22.1 does on a T4 with driver 580: error 222', async () => {
  await using directory = await createTemporaryDirectory();
  const host = hostWith(directory.path);
  const source = 'npm:@node-llama-cpp/linux-x64-cuda@3.22.1';
  const target = 't4,driver=580.82.07';

  const { files } = await inspectBinary(source, {
    host,
    for: resolveTarget(parseTarget(target), target),
  });

  const cuda = files.find(({ path }) => path.endsWith('/libggml-cuda.so'));
  expect(files.length).toBeGreaterThan(10);
  expect(cuda).toMatchObject({
    path: `${source}!/package/bins/linux-x64-cuda/libggml-cuda.so`,
    format: 'elf',
    sizeBytes: 158_993_272,
    fatbins: 143,
    toolkit: '13.1',
    libraries: { glibc: '2.34' },
    verdict: { outcome: 'fail', cudaError: 222, minimumDriver: '590.44.01' },
  });
  expect(await readdir(join(directory.path, 'staging'))).toEqual([]);
});

test('says why npm could not fetch a package', async () => {
  await using directory = await createTemporaryDirectory();
  const registry = { npm_config_registry: 'http://127.0.0.1:9/', npm_config_fetch_retries: '0' };
  const cache = { npm_config_cache: join(directory.path, 'cache') };

  const offline = inspectBinary('npm:left-pad@1.3.0', {
    host: hostWith(directory.path, { ...registry, ...cache }),
  });
  await expect(offline).rejects.toMatchObject({
    code: 'PACKAGE_FETCH_FAILED',
    detail: { package: 'left-pad@1.3.0', client: 'npm' },
    message: expect.stringContaining('ECONNREFUSED'),
  });

  const missing = inspectBinary('npm:left-pad@1.3.0', {
    host: { ...hostWith(directory.path), run: async () => notInstalled },
  });
  await expect(missing).rejects.toMatchObject({
    code: 'PACKAGE_FETCH_FAILED',
    message: expect.stringContaining('npm is not installed'),
  });
});

const notInstalled = { exitCode: undefined, isInstalled: false, stdout: '', stderr: '' } as const;
