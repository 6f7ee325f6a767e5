import { execFileSync } from 'node:child_process';
import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { Header } from 'tar/header';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { resolveSource } from '../../src/build/source/resolve-source.ts';
import { pinnedSource } from '../../src/build/source/pinned-source.ts';
import { createTestHost } from '../support/embedded.ts';
import {
  createTemporaryDirectory,
  type TemporaryDirectory,
} from '../support/temporary-directory.ts';

let directory: TemporaryDirectory;
beforeEach(async () => (directory = await createTemporaryDirectory()));
afterEach(async () => directory[Symbol.asyncDispose]());

const rootFile = `cmake_minimum_required(VERSION 3.14...3.28)
project("llama.cpp" C CXX)
set(LLAMA_VERSION_MAJOR 1)
set(LLAMA_VERSION_MINOR 2)
set(LLAMA_VERSION_PATCH 3)
`;

async function addTree(path: string, root = rootFile): Promise<string> {
  const folder = join(directory.path, path);
  await mkdir(join(folder, 'ggml/src/ggml-cuda'), { recursive: true });
  await writeFile(join(folder, 'CMakeLists.txt'), root);
  await writeFile(join(folder, 'ggml/CMakeLists.txt'), 'cmake_minimum_required(VERSION 3.14)');
  const cuda = join(folder, 'ggml/src/ggml-cuda/CMakeLists.txt');
  await writeFile(cuda, 'cmake_minimum_required(VERSION 3.18)  # for CUDA');
  return folder;
}

interface Entry {
  readonly path: string;
  readonly type?: 'File' | 'SymbolicLink' | 'Link' | 'CharacterDevice' | 'FIFO' | 'Directory';
  readonly linkpath?: string;
  readonly mode?: number;
}

/** A tar.gz written by hand: the usual tools refuse to make most of these. */
async function addArchive(name: string, entries: readonly Entry[]): Promise<string> {
  const blocks = entries.map(({ path, type = 'File', linkpath, mode = 0o644 }) => {
    const block = Buffer.alloc(512);
    new Header({ path, type, mode, size: 0, ...(linkpath && { linkpath }) }).encode(block, 0);
    return block;
  });
  const file = join(directory.path, name);
  await writeFile(file, gzipSync(Buffer.concat([...blocks, Buffer.alloc(1024)])));
  return file;
}

const host = () => createTestHost(join(directory.path, 'store'));

describe('resolveSource', () => {
  it('reads a folder: version, the cmake it needs, no commit of a repository around it', async () => {
    const folder = await addTree('llama.cpp');
    execFileSync('git', ['init', '--quiet'], { cwd: directory.path });

    await expect(resolveSource(folder, { host: host() })).resolves.toMatchObject({
      kind: 'folder',
      version: 'v1.2.3',
      cmakeVersion: '3.18',
      commit: undefined,
      isModified: true,
    });
  });

  it('tells the commit of a checkout, and whether it was changed', async () => {
    const folder = await addTree('llama.cpp');
    const git = (...args: readonly string[]): string =>
      execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', ...args], {
        cwd: folder,
        encoding: 'utf8',
      }).trim();
    git('init', '--quiet');
    git('add', '.');
    git('commit', '--quiet', '-m', 'one');
    const commit = git('rev-parse', 'HEAD');

    await expect(resolveSource(folder, { host: host() })).resolves.toMatchObject({
      commit,
      isModified: false,
    });
    await writeFile(join(folder, 'CMakeLists.txt'), `${rootFile}#\n`);
    await expect(resolveSource(folder, { host: host() })).resolves.toMatchObject({
      commit,
      isModified: true,
    });
  });

  it('unpacks an archive once, from one folder in it', async () => {
    const folder = await addTree('llama.cpp-1.2.3');
    await symlink('CMakeLists.txt', join(folder, 'link.txt'));
    const archive = join(directory.path, 'source.tar.gz');
    execFileSync('tar', ['-czf', archive, '-C', directory.path, 'llama.cpp-1.2.3']);

    const source = await resolveSource(archive, { host: host() });

    expect(source).toMatchObject({ kind: 'archive', version: 'v1.2.3', isModified: false });
    expect(source.sha256).toMatch(/^[0-9a-f]{64}$/);
    await expect(readFile(join(source.directory, 'link.txt'), 'utf8')).resolves.toBe(rootFile);
    await expect(resolveSource(archive, { host: host() })).resolves.toEqual(source);
  });

  it.each<{ name: string; entries: readonly Entry[]; reason: RegExp }>([
    { name: 'a path above', entries: [{ path: '../evil' }], reason: /leads out/ },
    { name: 'a path through', entries: [{ path: 'a/../../evil' }], reason: /leads out/ },
    { name: 'an absolute path', entries: [{ path: '/etc/evil' }], reason: /absolute/ },
    { name: 'a Windows path', entries: [{ path: 'C:evil' }], reason: /absolute/ },
    { name: 'a backslash', entries: [{ path: String.raw`..\evil` }], reason: /malformed/ },
    {
      name: 'a link out',
      entries: [{ path: 'a/link', type: 'SymbolicLink', linkpath: '../../etc' }],
      reason: /link a\/link leads out/,
    },
    {
      name: 'an absolute link',
      entries: [{ path: 'link', type: 'SymbolicLink', linkpath: '/etc/passwd' }],
      reason: /leads out/,
    },
    {
      name: 'a file below a link',
      entries: [{ path: 'a', type: 'SymbolicLink', linkpath: '.' }, { path: 'a/b' }],
      reason: /lies below a, a SymbolicLink/,
    },
    {
      name: 'a hard link',
      entries: [{ path: 'a' }, { path: 'b', type: 'Link', linkpath: 'a' }],
      reason: /is a Link/,
    },
    {
      name: 'a device',
      entries: [{ path: 'null', type: 'CharacterDevice' }],
      reason: /CharacterDevice/,
    },
    { name: 'a pipe', entries: [{ path: 'pipe', type: 'FIFO' }], reason: /FIFO/ },
    { name: 'a setuid file', entries: [{ path: 'su', mode: 0o4755 }], reason: /setuid/ },
    { name: 'a duplicate', entries: [{ path: 'a' }, { path: './a' }], reason: /twice/ },
  ])('refuses an archive with $name, and writes nothing', async ({ entries, reason }) => {
    const archive = await addArchive('bad.tar.gz', [{ path: 'CMakeLists.txt' }, ...entries]);

    await expect(resolveSource(archive, { host: host() })).rejects.toMatchObject({
      code: 'BUILD_SOURCE_INVALID',
      message: expect.stringMatching(reason),
    });
    await expect(readdir(join(directory.path, 'store/sources'))).resolves.toEqual([]);
    await expect(readdir(join(directory.path, 'store/staging'))).resolves.toEqual([]);
  });

  it('refuses what is no archive, is cut off, or is nowhere', async () => {
    const folder = await addTree('llama.cpp');
    const archive = join(directory.path, 'source.tar.gz');
    execFileSync('tar', ['-czf', archive, '-C', directory.path, 'llama.cpp']);
    const cut = join(directory.path, 'cut.tar.gz');
    await writeFile(cut, (await readFile(archive)).subarray(0, 200));

    for (const source of [cut, join(folder, 'CMakeLists.txt'), '/no/such/place'])
      await expect(resolveSource(source, { host: host() })).rejects.toMatchObject({
        code: 'BUILD_SOURCE_INVALID',
      });
  });

  it.each([
    { name: 'without CMakeLists.txt', root: undefined, reason: 'it has no CMakeLists.txt' },
    { name: 'of another project', root: 'project(other)', reason: 'is not that of llama.cpp' },
  ])('refuses a folder $name', async ({ root, reason }) => {
    const folder = join(directory.path, 'other');
    await mkdir(folder);
    if (root !== undefined) await writeFile(join(folder, 'CMakeLists.txt'), root);

    await expect(resolveSource(folder, { host: host() })).rejects.toMatchObject({
      code: 'BUILD_SOURCE_INVALID',
      message: expect.stringContaining(reason),
    });
  });

  it('checks the pinned source by its hashes, and takes it from the embedded runtime', async () => {
    const source = await resolveSource('npm', { host: createTestHost() });

    expect(source).toMatchObject({
      kind: 'npm',
      version: 'v0.5.0',
      commit: pinnedSource.commit,
      sha256: pinnedSource.bundleSha256,
    });
    await expect(readdir(source.directory)).resolves.not.toContain('.git');
  });
});
