import { execFileSync } from 'node:child_process';
import { copyFile, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { extractArchive } from '../../../src/archive/extract-archive.ts';
import { createNodeHost } from '../../../src/host/create-node-host.ts';
import { checkBundle } from '../../../src/runtime/bundle/check-bundle.ts';
import { packRuntime } from '../../../src/runtime/pack/pack-runtime.ts';
import {
  copyRuntime,
  createRuntimeFolder,
  gpuCode,
  writeRuntime,
} from '../../support/runtime-folder.ts';
import { createTemporaryDirectory } from '../../support/temporary-directory.ts';

describe('packRuntime', () => {
  it('makes a bundle that unpacks to what its manifest says', async () => {
    await using folder = await createRuntimeFolder({ fatbins: [gpuCode([75], 75)] });
    await using out = await createTemporaryDirectory();

    const packed = await packRuntime(folder.path, { output: join(out.path, 'a.tar.gz') });

    const unpacked = join(out.path, 'unpacked');
    await mkdir(unpacked);
    await extractArchive(packed.path, unpacked);
    const { problems, stated } = await checkBundle(unpacked);
    expect(problems).toEqual([]);
    expect(stated).toEqual(packed.manifest);
    expect(stated).toMatchObject({
      llamaCpp: { version: 'b6000', commit: '0123abc' },
      build: { compiler: 'cc (Test 1.0) for x86_64-linux-gnu' },
    });
    const server = join(unpacked, 'bin', 'llama-server');
    expect(execFileSync(server, ['--version', '2>&1'], { encoding: 'utf8' })).toBe('');
    expect((await readdir(out.path)).toSorted()).toEqual(['a.cdx.json', 'a.tar.gz', 'unpacked']);
  });

  it('gives the same bytes for the same files, whatever their times and the order in which they were made', async () => {
    await using folder = await createRuntimeFolder({ fatbins: [gpuCode([75, 80])] });
    await using copy = await copyRuntime(folder.path);
    await using out = await createTemporaryDirectory();
    const pack = async (from: string, name: string): Promise<Buffer> => {
      await mkdir(join(out.path, name));
      await packRuntime(from, { output: join(out.path, name, 'runtime.tar.gz') });
      return readFile(join(out.path, name, 'runtime.tar.gz'));
    };

    const first = await pack(folder.path, '1');
    const second = await pack(folder.path, '2');
    const third = await pack(copy.path, '3');

    expect(first.equals(second)).toBe(true);
    expect(first.equals(third)).toBe(true);
    const sboms = await Promise.all(
      ['1', '2', '3'].map(async (name) =>
        readFile(join(out.path, name, 'runtime.cdx.json'), 'utf8'),
      ),
    );
    expect(new Set(sboms).size).toBe(1);
    // Nobody's name, and the one time that all entries have.
    const listing = execFileSync('tar', ['-tvzf', join(out.path, '1', 'runtime.tar.gz')], {
      encoding: 'utf8',
      env: { ...process.env, TZ: 'UTC' },
    });
    expect(
      listing
        .trim()
        .split('\n')
        .every((line) => / 0\/0 .* 2000-01-01 00:00 /.test(line)),
    ).toBe(true);
  });

  it('writes a bill of materials with every file, library and licence', async () => {
    await using folder = await createRuntimeFolder();
    await using out = await createTemporaryDirectory();

    const packed = await packRuntime(folder.path, { output: join(out.path, 'a.tar.gz') });

    const sbom = JSON.parse(await readFile(packed.sbomPath, 'utf8'));
    expect(sbom).toMatchObject({
      bomFormat: 'CycloneDX',
      specVersion: '1.6',
      serialNumber: expect.stringMatching(
        /^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
      ),
      metadata: { component: { hashes: [{ alg: 'SHA-256', content: packed.sha256 }] } },
    });
    expect(sbom.components[0]).toMatchObject({
      name: 'llama.cpp',
      licenses: [{ license: { id: 'MIT' } }],
    });
    expect(sbom.components.map(({ name }: { name: string }) => name)).toContain(
      'lib/libllama.so.0',
    );
  });

  it('packs a flat folder, as cmake leaves it, with its libraries beside the program', async () => {
    await using folder = await createTemporaryDirectory();
    await using build = await createRuntimeFolder({ runpath: '$ORIGIN' });
    await copyFile(join(build.path, 'bin', 'llama-server'), join(folder.path, 'llama-server'));
    await copyFile(join(build.path, 'lib', 'libllama.so.0'), join(folder.path, 'libllama.so.0'));
    await writeFile(join(folder.path, 'llama-cli'), 'not wanted');

    const { manifest } = await packRuntime(folder.path, {
      output: join(build.path, 'a.tar.gz'),
    });

    expect(manifest.files.map(({ path }) => path)).toEqual([
      'bin/libllama.so.0',
      'bin/llama-server',
    ]);
  });

  it('takes compiler, flags and processor from the record of the build, and images from the files alone', async () => {
    await using folder = await createRuntimeFolder({ fatbins: [gpuCode([75])] });
    const record = {
      llamaCpp: { version: 'b6000', commit: '0'.repeat(40) },
      compiler: 'gcc 13',
      flags: ['-DGGML_CUDA=ON'],
      cpu: 'x86-64-v3',
      gpu: [{ path: 'lib/libggml-cuda.so', fatbins: [] }],
      targets: ['sm_90'],
    };
    await writeFile(join(folder.path, 'llcuda-build.json'), JSON.stringify(record));

    const { manifest } = await packRuntime(folder.path, { output: join(folder.path, 'a.tar.gz') });

    expect(manifest).toMatchObject({
      llamaCpp: record.llamaCpp,
      build: { compiler: 'gcc 13', flags: ['-DGGML_CUDA=ON'] },
      requires: { cpu: 'x86-64-v3' },
      gpu: [{ fatbins: [{ images: [{ target: 'sm_75' }] }] }],
    });
  });

  it.each([
    {
      what: 'without a llama-server',
      change: async (folder: string) => rm(join(folder, 'bin', 'llama-server')),
      problem: { path: 'bin/llama-server', reason: expect.stringContaining('no llama-server') },
    },
    {
      what: 'with an absolute RUNPATH',
      change: async (folder: string) => {
        await rm(folder, { recursive: true });
        writeRuntime(folder, { runpath: '/home/somebody/build/lib' });
      },
      problem: {
        path: 'bin/llama-server',
        reason: expect.stringContaining('/home/somebody/build/lib'),
        fix: expect.stringContaining('patchelf --set-rpath'),
      },
    },
    {
      what: 'with a RUNPATH that leaves the bundle',
      change: async (folder: string) => {
        await rm(folder, { recursive: true });
        writeRuntime(folder, { runpath: '$ORIGIN/../lib:$ORIGIN/../../lib' });
      },
      problem: { path: 'bin/llama-server', reason: expect.stringContaining('leads out') },
    },
    {
      what: 'with a RUNPATH that misses a library of its own',
      change: async (folder: string) => {
        await rm(folder, { recursive: true });
        writeRuntime(folder, { runpath: '$ORIGIN' });
      },
      problem: {
        path: 'bin/llama-server',
        reason: expect.stringContaining('does not lead there'),
        fix: expect.stringContaining('patchelf'),
      },
    },
    {
      what: 'with libcuda.so in it',
      change: async (folder: string) =>
        copyFile(join(folder, 'lib', 'libllama.so.0'), join(folder, 'lib', 'libcuda.so.1')),
      problem: { path: 'lib/libcuda.so.1', reason: expect.stringContaining('driver') },
    },
    {
      what: 'with a name that could not be unpacked',
      change: async (folder: string) => writeFile(join(folder, 'lib', 'a:b'), ''),
      problem: { path: 'lib/a:b', reason: expect.any(String) },
    },
  ])('refuses a folder $what', async ({ change, problem }) => {
    await using folder = await createRuntimeFolder();
    await change(folder.path);
    await using out = await createTemporaryDirectory();

    const packing = packRuntime(folder.path, { output: join(out.path, 'a.tar.gz') });

    await expect(packing).rejects.toMatchObject({
      code: 'PACK_REFUSED',
      detail: { problems: expect.arrayContaining([expect.objectContaining(problem)]) },
    });
    await expect(readdir(out.path)).resolves.toEqual([]);
  });
});

describe('packRuntime, with CUDA', () => {
  /** A runtime whose library needs libcudart.so.12, and a folder with that. */
  async function createWithCudart(): Promise<{ folder: string; cuda: string } & AsyncDisposable> {
    const root = await createTemporaryDirectory();
    const [folder, cuda] = [join(root.path, 'runtime'), join(root.path, 'cuda')];
    await mkdir(cuda);
    writeRuntime(folder);
    const cc = (...args: string[]): Buffer => execFileSync('cc', ['-shared', '-fPIC', ...args]);
    cc('-xc', '/dev/null', '-Wl,-soname,libcudart.so.12', '-o', join(cuda, 'libcudart.so.12'));
    cc(
      '-Wl,-soname,libggml-cuda.so',
      '-Wl,--no-as-needed',
      '-xc',
      '/dev/null',
      '-xnone',
      join(cuda, 'libcudart.so.12'),
      '-Wl,-rpath,$ORIGIN,--enable-new-dtags',
      '-o',
      join(folder, 'lib', 'libggml-cuda.so'),
    );
    return { folder, cuda, [Symbol.asyncDispose]: async () => root[Symbol.asyncDispose]() };
  }

  it('puts libcudart next to what needs it', async () => {
    await using site = await createWithCudart();

    const { manifest } = await packRuntime(site.folder, {
      output: join(site.cuda, 'a.tar.gz'),
      withCuda: true,
      cudaFolders: [site.cuda],
    });

    expect(manifest.provided).toContain('libcudart.so.12');
    expect(manifest.needed).not.toContain('libcudart.so.12');
    expect(manifest.files.map(({ path }) => path)).toContain('lib/libcudart.so.12');
    expect(manifest.licenses).toContainEqual({
      component: 'cudart',
      license: 'LicenseRef-NVIDIA-CUDA-EULA',
    });
  });

  it('leaves it to the machine without the option', async () => {
    await using site = await createWithCudart();

    const { manifest } = await packRuntime(site.folder, { output: join(site.cuda, 'a.tar.gz') });

    expect(manifest.needed).toContain('libcudart.so.12');
  });

  it('says what is missing and where it was looked for', async () => {
    await using site = await createWithCudart();
    await rm(join(site.cuda, 'libcudart.so.12'));
    const host = { ...createNodeHost(), env: { PATH: process.env['PATH'] } };

    const packing = packRuntime(site.folder, {
      output: join(site.cuda, 'a.tar.gz'),
      withCuda: true,
      cudaFolders: [site.cuda],
      host,
    });

    await expect(packing).rejects.toMatchObject({
      code: 'PACK_REFUSED',
      message: expect.stringContaining('libcudart.so.12'),
      hint: expect.stringContaining(site.cuda),
    });
  });
});
