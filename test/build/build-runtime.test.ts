import { execFile } from 'node:child_process';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import type { BuildManifest } from '../../src/build/build-manifest.ts';
import { checkRuntimeFolder } from '../../src/build/gate/check-runtime-folder.ts';
import { planBuild } from '../../src/build/plan/plan-build.ts';
import { pinnedSource } from '../../src/build/source/pinned-source.ts';
import { hashFile } from '../../src/files/hash-file.ts';
import { BUILD_TIMEOUT_MS, ensureBuiltRuntime } from '../support/built-runtime.ts';
import { createTemporaryDirectory } from '../support/temporary-directory.ts';

const run = promisify(execFile);

describe('a runtime that llcuda built for the CPU', () => {
  let directory = '';
  beforeAll(async () => (directory = await ensureBuiltRuntime()), BUILD_TIMEOUT_MS);

  it('answers, wherever it lies', async () => {
    await using elsewhere = await createTemporaryDirectory();
    const copy = join(elsewhere.path, 'a b');
    await run('cp', ['-r', directory, copy]);

    // No library path: it finds its own by RUNPATH.
    const { stdout, stderr } = await run(join(copy, 'bin/llama-server'), ['--version'], {
      env: {},
    });

    expect(`${stdout}${stderr}`).toContain(pinnedSource.commit.slice(0, 7));
  });

  it('holds what its manifest says, every byte', async () => {
    const text = await readFile(join(directory, 'build.json'), 'utf8');
    const manifest: BuildManifest = JSON.parse(text);

    expect(manifest).toMatchObject({
      schemaVersion: 1,
      backend: 'cpu',
      cpu: 'x86-64-v3',
      llamaCpp: { version: 'v0.5.0', commit: pinnedSource.commit, isModified: false },
      programs: ['llama-server'],
    });
    expect(text).not.toContain(directory);
    expect(manifest.gate.files).toBe(manifest.files.length);
    for (const { path, sizeBytes, sha256, mode } of manifest.files) {
      expect((await stat(join(directory, path))).size).toBe(sizeBytes);
      await expect(hashFile(join(directory, path), 'sha256')).resolves.toBe(sha256);
      expect(mode).toBe('0755');
    }
  });

  it('has one file for each library, no links, and passes the gate again', async () => {
    const libraries = await readdir(join(directory, 'lib'), { withFileTypes: true });

    expect(libraries.every((entry) => entry.isFile())).toBe(true);
    expect(libraries.map(({ name }) => name)).toContain('libllama.so.0');
    await expect(
      checkRuntimeFolder(directory, { plan: planBuild({ backend: 'cpu', glibc: '2.38' }) }),
    ).resolves.toMatchObject({ fatbins: 0, findings: [] });
  });

  it('is refused where a GPU build was planned', async () => {
    const plan = planBuild({ toolkit: { major: 12, minor: 4 }, gpus: ['t4'] });

    const { findings } = await checkRuntimeFolder(directory, { plan });

    expect(findings).toContainEqual({ file: '.', reason: 'no file holds GPU code' });
  });
});
