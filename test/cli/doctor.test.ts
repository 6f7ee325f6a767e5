import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { createDataHost } from '../../src/host/create-data-host.ts';
import type { Host } from '../../src/host/host.ts';
import { colabLog } from '../support/colab-log.ts';
import { loadHost, readHostFixture, type HostName } from '../support/load-host.ts';
import { runInProcess, type InProcessResult } from '../support/run-in-process.ts';
import { runLlcuda } from '../support/run-llcuda.ts';
import { createTemporaryDirectory } from '../support/temporary-directory.ts';

const fixture = (name: HostName): string =>
  fileURLToPath(new URL(`../fixtures/hosts/${name}.json`, import.meta.url));

async function doctor(name: HostName, ...argv: readonly string[]): Promise<InProcessResult> {
  return runInProcess(['doctor', ...argv], { host: await loadHost(name) });
}

describe('llcuda doctor', () => {
  it('shows the machine, the problems and the verdict at 80 columns', async () => {
    const { exitCode, stdout, stderr } = await doctor('nouveau');

    expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: '' });
    expect(stdout).toMatchInlineSnapshot(`
      "GPU     GeForce GTX 1660 (7.5)
      System  Ubuntu 24.04.3 LTS, x64

      GPU and driver: 1 failed, 4 ok, 13 skipped
        fail  nouveau: The GPU is driven by nouveau, which has no CUDA.
              Fix: Install NVIDIA's driver, which keeps nouveau from loading, and
                   restart.
              $ sudo ubuntu-drivers install && sudo reboot

      CUDA libraries: 6 ok, 10 skipped

      llama.cpp runtimes: 6 ok, 2 skipped

      Build tools: 8 skipped

      Models and store: 7 ok

      Platform: 6 ok, 5 skipped

      Verdict No program can use GeForce GTX 1660 (7.5). The GPU is driven by nouveau,
              which has no CUDA.
      Next    Install NVIDIA's driver, which keeps nouveau from loading, and restart.
              $ sudo ubuntu-drivers install && sudo reboot
      "
    `);
    const long = stdout.split('\n').filter((line) => line.length > 80 && !/^ +\$ /.test(line));
    expect(long).toEqual([]);
  });

  it('prints one JSON document with schemaVersion 1', async () => {
    const { exitCode, stdout } = await doctor('wsl2', '--json');

    const { schemaVersion, verdict, counts, checks } = JSON.parse(stdout);
    expect({ exitCode, schemaVersion, outcome: verdict.outcome }).toEqual({
      exitCode: 0,
      schemaVersion: 1,
      outcome: 'native',
    });
    expect(counts.ok + counts.warn + counts.fail + counts.skip).toBe(checks.length);
  });

  it.each([
    ['wsl2', [], 0],
    ['two-gpus', [], 0],
    ['two-gpus', ['--strict'], 1],
    ['wsl2', ['--strict'], 0],
    ['colab-t4-550', [], 1],
  ] as const)('%s with %j ends with %i', async (name, argv, expected) => {
    expect((await doctor(name, ...argv)).exitCode).toBe(expected);
  });

  it('runs some checks by name, in full, and judges by them alone', async () => {
    const { exitCode, stdout } = await doctor('h100-driver-580', '--only', 'libcuda');

    expect(exitCode).toBe(0);
    expect(stdout).toMatchInlineSnapshot(`
      "CUDA libraries: 1 ok
        ok    libcuda: 3 copies and a stub;
              /usr/local/nvidia/lib64/libcuda.so.580.159.04 loads.
              - libcuda.so.1: /usr/local/nvidia/lib64/libcuda.so.580.159.04 (loads)
              - libcuda.so.1: /lib/libcuda.so.580.159.04 (hidden by the first)
              - libcuda.so.1: /usr/local/cuda/compat/libcuda.so.580.95.05 (not on the
                path, of cuda-compat)
              - libcuda.so.1: /usr/local/cuda/lib64/stubs/libcuda.so.1 (not on the
                path, a stub)
      "
    `);
  });

  it('shows every check with --verbose', async () => {
    const { stdout } = await doctor('dgx-spark', '--verbose');

    expect(stdout).toContain('ok    operating-system: ');
    expect(stdout).toContain('skip  wsl: This is not WSL.');
  });

  it('suggests checks for an id that is unknown', async () => {
    const { exitCode, stderr } = await doctor('no-gpu', '--only', 'libcud');

    expect(exitCode).toBe(2);
    expect(stderr).toContain('There is no check libcud');
    expect(stderr).toContain('Did you mean libcuda, libcuda-stub, libcudart?');
  });

  it.each([
    ['--markdown', '--json'],
    ['--snapshot', 'a.json', '--from', 'b.json'],
  ])('refuses %s with %s', async (...argv) => {
    expect((await doctor('no-gpu', ...argv)).exitCode).toBe(2);
  });

  it('prints a report for an issue, without names, serial numbers and tokens', async () => {
    const uuid = 'GPU-8932f937-d72c-4106-c12f-20bd9faed9f6';
    const host = createDataHost({
      homeDirectory: '/home/alice',
      env: {
        USER: 'alice',
        HOSTNAME: 'alices-laptop',
        HF_TOKEN: 'hf_abcdefghijklmnop',
        LLAMA_SERVER_PATH: '/home/alice/alices-laptop/hf_abcdefghijklmnop/llama-server',
        LLAMA_CPP_DIR: '/home/bob/llama.cpp',
        CUDA_VISIBLE_DEVICES: uuid,
        LD_LIBRARY_PATH: '/home/alice/<img src=x>/[link](https://a.b)|`x`:',
      },
    });

    const { stdout } = await runInProcess(['doctor', '--markdown'], { host });

    expect(stdout).toContain('## llcuda doctor');
    expect(stdout).toContain('/home/user/host/redacted/llama-server');
    expect(stdout).not.toMatch(/alice|bob|hf_abc|8932f937/);
    expect(stdout).not.toMatch(/[^\\]<img/);
  });

  it('prints nothing of a snapshot that could rewrite a terminal', async () => {
    await using folder = await createTemporaryDirectory();
    const snapshot = JSON.parse(await readHostFixture('two-gpus'));
    const evil = '\u001b[2J\u001b]0;owned\u0007\u202e\u0085';
    snapshot.host.env.LD_LIBRARY_PATH = `/usr/lib/${evil}:`;
    snapshot.host.env.CUDA_VISIBLE_DEVICES = `0${evil},1`;
    snapshot.host.env.LLAMA_SERVER_PATH = `/opt/${evil}/llama-server`;
    await writeFile(join(folder.path, 'evil.json'), JSON.stringify(snapshot));
    const host: Host = createDataHost({ workingDirectory: folder.path });

    for (const way of [[], ['--verbose'], ['--markdown']]) {
      const { stdout, stderr } = await runInProcess(['doctor', '--from', 'evil.json', ...way], {
        host,
      });

      // oxlint-disable-next-line no-control-regex
      expect(stdout + stderr).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
      expect(stdout).not.toBe('');
    }
  });

  it('records a snapshot that gives the same report', async () => {
    await using folder = await createTemporaryDirectory();
    const host: Host = { ...(await loadHost('colab-t4-550')), workingDirectory: folder.path };

    const live = await runInProcess(['doctor', '--json', '--snapshot', 'host.json'], { host });
    const replayed = await runInProcess(['doctor', '--json', '--from', 'host.json'], {
      host: createDataHost({ workingDirectory: folder.path }),
    });

    expect(live.stderr).toContain('Wrote host.json');
    expect(JSON.parse(await readFile(join(folder.path, 'host.json'), 'utf8'))).toMatchObject({
      schemaVersion: 1,
    });
    expect(JSON.parse(replayed.stdout)).toEqual(JSON.parse(live.stdout));
    expect(replayed.exitCode).toBe(live.exitCode);
  });

  it.each([
    ['{"schemaVersion": 99}', 65, 'reads up to 1'],
    ['{"schemaVersion": 1, "host"', 65, 'it is no complete JSON document'],
    ['[]', 65, 'Not a snapshot of a host'],
  ])('refuses %s', async (text, exitCode, message) => {
    await using folder = await createTemporaryDirectory();
    await writeFile(join(folder.path, 'host.json'), text);
    const host = createDataHost({ workingDirectory: folder.path });

    const result = await runInProcess(['doctor', '--from', 'host.json'], { host });

    expect(result).toMatchObject({ exitCode, stdout: '' });
    expect(result.stderr).toContain(message);
  });

  it('refuses a snapshot that is not there, and a folder', async () => {
    const host = createDataHost({ workingDirectory: '/' });

    const missing = await runInProcess(['doctor', '--from', 'nowhere/x.json'], { host });
    const folder = await runInProcess(['doctor', '--from', 'usr'], { host });

    expect([missing.exitCode, folder.exitCode]).toEqual([66, 66]);
  });
});

describe('llcuda explain --from', () => {
  it('states the exact case of the machine in a snapshot', async () => {
    const argv = ['explain', '--from', fixture('colab-t4-550'), '--json'];

    const { exitCode, stdout } = await runInProcess(argv, { input: colabLog });

    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout).errors[0].here).toMatchInlineSnapshot(`
      [
        "ARCHS = 500,610,700,750,800,860,890 names Tesla T4 (7.5), but in this build that is PTX, not machine code.",
        "libggml-cuda.so: The GPU code for Tesla T4 (7.5) is PTX (compute_75) of version 8.7, and driver 550.54.15 (CUDA 12.4) compiles PTX up to 8.4 (143 of 143 fatbins). It needs driver 570.26 or later, as it is.",
        "For Tesla T4 (7.5) with driver 550.54.15 (CUDA 12.4), take a build with sm_75 code made with CUDA toolkit 12.9 or older.",
      ]
    `);
  });

  it('goes without --for', async () => {
    const argv = ['explain', '--from', fixture('colab-t4-550'), '--for', 't4'];

    expect((await runInProcess(argv, { input: colabLog })).exitCode).toBe(2);
  });
});

describe('llcuda doctor, as built', () => {
  it('replays a snapshot', async () => {
    const { exitCode, stdout } = await runLlcuda(['doctor', '--from', fixture('colab-t4-550')]);

    expect(exitCode).toBe(1);
    expect(stdout).toContain('Use a build with sm_75 code made with CUDA toolkit 12.4.');
  });

  it('diagnoses the machine that it runs on', { timeout: 30_000 }, async () => {
    const { exitCode, stdout } = await runLlcuda(['doctor', '--json']);

    expect([0, 1]).toContain(exitCode);
    expect(JSON.parse(stdout).checks.length).toBeGreaterThan(34);
  });
});
