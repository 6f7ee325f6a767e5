import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createTestHost } from '../support/embedded.ts';
import { runInProcess } from '../support/run-in-process.ts';
import { createTemporaryDirectory } from '../support/temporary-directory.ts';

describe('llcuda build', () => {
  it('shows the plan of a CPU build, and builds nothing', async () => {
    const { exitCode, stdout } = await runInProcess(
      ['build', '--backend', 'cpu', '--cpu', 'x86-64-v2', '--dry-run'],
      { host: createTestHost() },
    );

    expect(exitCode).toBe(0);
    expect(stdout).toContain('v0.5.0, node-llama-cpp@3.22.1');
    expect(stdout).toMatch(/^cmake -G .* '-DCMAKE_INSTALL_RPATH=\$ORIGIN;\$ORIGIN\/\.\.\/lib'/m);
    expect(stdout).toContain('-DGGML_AVX2=OFF');
  });

  it('prints the plan as JSON', async () => {
    const { exitCode, stdout } = await runInProcess(
      ['build', '--backend', 'cpu', '--dry-run', '--json'],
      { host: createTestHost() },
    );

    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      schemaVersion: 1,
      plan: { backend: 'cpu', cpu: 'x86-64-v3' },
      source: { kind: 'npm' },
      programs: ['llama-server', 'llama-cli', 'llama-bench'],
    });
  });

  it.each([
    { argv: ['--gpu', 't4'], code: 'TOOLCHAIN_UNUSABLE', exitCode: 69 },
    { argv: ['--backend', 'rocm'], code: 'USAGE_INVALID', exitCode: 2 },
    { argv: ['--jobs', '0'], code: 'USAGE_INVALID', exitCode: 2 },
  ])('refuses $argv on a bare machine with $code', async ({ argv, code, exitCode }) => {
    const result = await runInProcess(['build', ...argv, '--json']);

    expect(result.exitCode).toBe(exitCode);
    expect(`${result.stdout}${result.stderr}`).toContain(code);
  });

  it('refuses another operating system, and a folder that is not llama.cpp', async () => {
    await using directory = await createTemporaryDirectory();
    await mkdir(join(directory.path, 'other'));
    await writeFile(join(directory.path, 'other/CMakeLists.txt'), 'project(other)');
    const source = join(directory.path, 'other');

    const elsewhere = await runInProcess(['build'], { data: { platform: 'darwin' } });
    const wrong = await runInProcess(['build', '--backend', 'cpu', '--source', source], {
      host: createTestHost(),
    });

    expect(elsewhere).toMatchObject({ exitCode: 69, stdout: '' });
    expect(elsewhere.stderr).toContain('BUILD_UNSUPPORTED');
    expect(wrong).toMatchObject({ exitCode: 65, stdout: '' });
    expect(wrong.stderr).toContain('BUILD_SOURCE_INVALID');
  });
});
