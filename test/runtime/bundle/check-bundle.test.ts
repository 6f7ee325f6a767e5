import { execFileSync } from 'node:child_process';
import {
  appendFile,
  chmod,
  mkdir,
  readFile,
  rename,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkBundle } from '../../../src/runtime/bundle/check-bundle.ts';
import {
  createBundleManifest,
  formatBundleManifest,
} from '../../../src/runtime/bundle/create-bundle-manifest.ts';
import type { BundleManifest } from '../../../src/runtime/bundle/bundle-manifest.ts';
import { createRuntimeFolder, gpuCode } from '../../support/runtime-folder.ts';
import type { TemporaryDirectory } from '../../support/temporary-directory.ts';

const statement = { llamaCpp: { version: 'b6000', commit: '0123abc' }, cpu: 'x86-64-v2' };

async function createBundle(): Promise<TemporaryDirectory> {
  const folder = await createRuntimeFolder({ fatbins: [gpuCode([75, 80], 75), gpuCode([75])] });
  const manifest = await createBundleManifest(folder.path, { statement });
  await writeFile(join(folder.path, 'llcuda-bundle.json'), formatBundleManifest(manifest));
  return folder;
}

async function editManifest(
  folder: string,
  edit: (manifest: { -readonly [Key in keyof BundleManifest]: BundleManifest[Key] }) => void,
): Promise<void> {
  const path = join(folder, 'llcuda-bundle.json');
  const manifest = JSON.parse(await readFile(path, 'utf8'));
  edit(manifest);
  await writeFile(path, JSON.stringify(manifest));
}

describe('createBundleManifest', () => {
  it('describes the files and what the inspector finds in them', async () => {
    await using folder = await createBundle();

    const manifest = await createBundleManifest(folder.path, { statement });

    expect(manifest).toMatchObject({
      schemaVersion: 1,
      llamaCpp: statement.llamaCpp,
      os: 'linux',
      backend: 'cuda',
      provided: ['libggml-cuda.so', 'libllama.so.0'],
      needed: ['libc.so.6'],
      requires: { cpu: 'x86-64-v2', glibc: expect.stringMatching(/^2\.\d+$/) },
      gpu: [
        {
          path: 'lib/libggml-cuda.so',
          fatbins: [
            {
              count: 1,
              images: [
                { kind: 'sass', target: 'sm_75' },
                { kind: 'sass', target: 'sm_80' },
                { kind: 'ptx', target: 'compute_75', ptxIsa: '8.4', bytes: 400 },
              ],
            },
            { count: 1, images: [{ kind: 'sass', target: 'sm_75' }] },
          ],
        },
      ],
      licenses: [{ component: 'llama.cpp', license: 'MIT', path: 'LICENSE' }],
    });
    expect(manifest.files.map(({ path }) => path)).toEqual([
      'LICENSE',
      'bin/llama-server',
      'lib/libggml-cuda.so',
      'lib/libllama.so',
      'lib/libllama.so.0',
    ]);
    expect(manifest.drivers.find(({ capability }) => capability === '7.5')).toEqual({
      capability: '7.5',
      outcome: 'native',
      minimumDriver: expect.stringMatching(/^\d+\./),
    });
    // The second fatbin has nothing for it: all files have to work.
    expect(manifest.drivers.some(({ capability }) => capability === '9.0')).toBe(false);
  });
});

describe('checkBundle', () => {
  it('finds nothing wrong with an honest manifest', async () => {
    await using folder = await createBundle();

    const { problems } = await checkBundle(folder.path);

    expect(problems).toEqual([]);
  });

  it.each<{
    readonly lie: string;
    readonly change: (folder: string) => Promise<unknown>;
    readonly path: string;
    readonly reason: string;
  }>([
    {
      lie: 'a file that is missing',
      change: async (folder) => rm(join(folder, 'LICENSE')),
      path: 'LICENSE',
      reason: 'it is missing',
    },
    {
      lie: 'a file too many',
      change: async (folder) => writeFile(join(folder, 'lib', 'extra'), ''),
      path: 'lib/extra',
      reason: 'it is not in the manifest',
    },
    {
      lie: 'a file of another size',
      change: async (folder) => appendFile(join(folder, 'LICENSE'), 'x'),
      path: 'LICENSE',
      reason: 'bytes',
    },
    {
      lie: 'a file with other bytes',
      change: async (folder) =>
        writeFile(
          join(folder, 'LICENSE'),
          (await readFile(join(folder, 'LICENSE'), 'utf8')).replace('MIT', 'TIM'),
        ),
      path: 'LICENSE',
      reason: 'SHA-256',
    },
    {
      lie: 'another mode',
      change: async (folder) => chmod(join(folder, 'bin', 'llama-server'), 0o644),
      path: 'bin/llama-server',
      reason: 'its mode is 644',
    },
    {
      lie: 'a setuid bit',
      change: async (folder) => chmod(join(folder, 'bin', 'llama-server'), 0o4755),
      path: 'bin/llama-server',
      reason: 'neither a plain file nor a link',
    },
    {
      lie: 'a link that leads elsewhere',
      change: async (folder) => {
        await rm(join(folder, 'lib', 'libllama.so'));
        await symlink('libggml-cuda.so', join(folder, 'lib', 'libllama.so'));
      },
      path: 'lib/libllama.so',
      reason: 'it leads to libggml-cuda.so',
    },
    {
      lie: 'a link in the place of a file',
      change: async (folder) => {
        await rename(join(folder, 'LICENSE'), join(folder, 'licence'));
        await symlink('licence', join(folder, 'LICENSE'));
      },
      path: 'LICENSE',
      reason: 'it is a link',
    },
    {
      lie: 'a pipe',
      change: async (folder) => execFileSync('mkfifo', [join(folder, 'lib', 'pipe')]),
      path: 'lib/pipe',
      reason: 'neither a plain file nor a link',
    },
    {
      lie: 'images that are not there',
      change: async (folder) =>
        editManifest(folder, (manifest) => {
          manifest.gpu = manifest.gpu.map((file) => ({
            ...file,
            fatbins: file.fatbins.map(({ count }) => ({
              count,
              images: [{ kind: 'sass' as const, target: 'sm_90', compression: 'none' as const }],
            })),
          }));
        }),
      path: 'llcuda-bundle.json, gpu',
      reason: 'its GPU code is other than stated',
    },
    {
      lie: 'fewer needs',
      change: async (folder) => editManifest(folder, (manifest) => (manifest.needed = [])),
      path: 'llcuda-bundle.json, needed',
      reason: 'other libraries',
    },
    {
      lie: 'a lower glibc',
      change: async (folder) =>
        editManifest(folder, (manifest) => (manifest.requires = { glibc: '2.2' })),
      path: 'llcuda-bundle.json, requires',
      reason: 'other versions',
    },
    {
      lie: 'another backend',
      change: async (folder) => editManifest(folder, (manifest) => (manifest.backend = 'cpu')),
      path: 'llcuda-bundle.json, backend',
      reason: 'another backend',
    },
    {
      lie: 'a file listed twice',
      change: async (folder) =>
        editManifest(folder, (manifest) => {
          manifest.files = [...manifest.files, ...manifest.files.slice(0, 1)];
        }),
      path: 'llcuda-bundle.json',
      reason: 'twice',
    },
    {
      lie: 'no llama-server',
      change: async (folder) =>
        rename(join(folder, 'bin', 'llama-server'), join(folder, 'bin', 'llama')),
      path: 'bin/llama-server',
      reason: 'there is no bin/llama-server',
    },
    {
      lie: 'a binary that is cut off',
      change: async (folder) => {
        const path = join(folder, 'lib', 'libggml-cuda.so');
        await writeFile(path, (await readFile(path)).subarray(0, 3000));
      },
      path: 'lib/libggml-cuda.so',
      reason: '',
    },
  ])('finds $lie', async ({ change, path, reason }) => {
    await using folder = await createBundle();
    await change(folder.path);

    const { problems } = await checkBundle(folder.path);

    expect(problems).toContainEqual({ path, reason: expect.stringContaining(reason) });
  });

  it.each([
    { what: 'no manifest', text: undefined, code: 'BUNDLE_INVALID' },
    { what: 'no JSON', text: 'hello', code: 'BUNDLE_INVALID' },
    { what: 'no schema', text: '{}', code: 'BUNDLE_INVALID' },
    { what: 'a wrong field', text: '{ "schemaVersion": 1 }', code: 'BUNDLE_INVALID' },
    { what: 'a newer schema', text: '{ "schemaVersion": 2 }', code: 'SCHEMA_TOO_NEW' },
  ])('throws for a folder with $what', async ({ text, code }) => {
    await using folder = await createRuntimeFolder();
    await mkdir(join(folder.path, 'lib'), { recursive: true });
    if (text !== undefined) await writeFile(join(folder.path, 'llcuda-bundle.json'), text);

    await expect(checkBundle(folder.path)).rejects.toMatchObject({ code });
  });
});
