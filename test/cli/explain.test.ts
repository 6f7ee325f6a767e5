import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createNodeHost } from '../../src/host/create-node-host.ts';
import type { Host } from '../../src/host/host.ts';
import { colabLog } from '../support/colab-log.ts';
import { createTruthFolder } from '../support/inspect-in.ts';
import { runInProcess, type InProcessResult } from '../support/run-in-process.ts';
import { runLlcuda } from '../support/run-llcuda.ts';
import { createTemporaryDirectory } from '../support/temporary-directory.ts';

async function explain(input: string, ...argv: readonly string[]): Promise<InProcessResult> {
  return runInProcess(['explain', ...argv], { input });
}

describe('llcuda explain', () => {
  it('explains the log of a Colab T4: why, and what to do', async () => {
    const { exitCode, stdout, stderr } = await explain(colabLog);

    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toMatchInlineSnapshot(`
      "The GPU code is PTX that is newer than the driver (CUDA error 222)
        Log   9: CUDA error: the provided PTX was compiled with an unsupported
              toolchain.
        Why   The program has no machine code for Tesla T4 (7.5), only PTX, which the
              driver has to compile first. That PTX is of a newer CUDA toolkit than
              the driver is: a driver compiles PTX up to its own CUDA version and
              refuses everything newer. A list of architectures that names the GPU
              does not help: it does not tell machine code from PTX.
        Here  ARCHS = 500,610,700,750,800,860,890 names Tesla T4 (7.5), but in this
              build that is PTX, not machine code.
        Fix   Use a build with machine code for this GPU (sm_75), or one made with an
              older CUDA toolkit; or update the driver. The first command tells what a
              binary holds and which driver it needs; the others build llama.cpp on
              the machine itself, with a toolkit that is not newer than the CUDA
              version of the driver.
              $ llcuda inspect libggml-cuda.so --for host
              $ cmake -B build -DGGML_CUDA=ON -DCMAKE_CUDA_ARCHITECTURES=75
              $ cmake --build build --config Release -j 4
        See   https://github.com/canonical/inference-snaps/issues/255

      Also in this log
        line 7     llama.cpp stopped itself
        line 12    The program crashed
      "
    `);
  });

  it('states the exact case with the binary that failed', async () => {
    await using folder = await createTruthFolder(['base/mode_size_ptx75']);
    const host: Host = { ...createNodeHost(), workingDirectory: folder.path };
    const argv = ['--for', 'driver=550.54.15', '--binary', 'mode_size_ptx75.fatbin', '--json'];

    const { exitCode, stdout } = await runInProcess(['explain', ...argv], {
      host,
      input: colabLog,
    });

    const [error] = JSON.parse(stdout).errors;
    expect(exitCode).toBe(0);
    expect(error.here).toMatchInlineSnapshot(`
      [
        "ARCHS = 500,610,700,750,800,860,890 names Tesla T4 (7.5), but in this build that is PTX, not machine code.",
        "mode_size_ptx75.fatbin: The GPU code for Tesla T4 (7.5) is PTX (compute_75) of version 9.0, and driver 550.54.15 (CUDA 12.4) compiles PTX up to 8.4. It needs driver 580.65.06 or later, as it is.",
        "For Tesla T4 (7.5) with driver 550.54.15 (CUDA 12.4), take a build with sm_75 code made with CUDA toolkit 12.9 or older.",
      ]
    `);
  });

  it('says so when the binary is not the one of the log', async () => {
    await using folder = await createTruthFolder(['base/mode_size_ptx75']);
    const host: Host = { ...createNodeHost(), workingDirectory: folder.path };
    const argv = ['--for', 't4,driver=580', '--binary', 'mode_size_ptx75.fatbin', '--json'];

    const { stdout } = await runInProcess(['explain', ...argv], { host, input: colabLog });

    expect(JSON.parse(stdout).errors[0].here.join(' ')).toContain(
      'So the log is of another binary, another driver or another GPU.',
    );
  });

  it('says for a log with nothing known which lines look like errors, with exit code 1', async () => {
    const { exitCode, stdout } = await explain('all is well\nthe frobnicator failed: code 17\n');

    expect(exitCode).toBe(1);
    expect(stdout).toMatchInlineSnapshot(`
      "Nothing in this log is known to llcuda as the reason of a failure.
      These lines look like errors:
        2: the frobnicator failed: code 17
      "
    `);
  });

  it.each(['', '\n\n'])('takes an empty log: %j', async (input) => {
    const { exitCode, stdout } = await explain(input);

    expect(exitCode).toBe(1);
    expect(stdout).toContain('No line looks like an error either.');
  });

  it('prints one JSON document with schemaVersion 1', async () => {
    const { exitCode, stdout } = await explain(colabLog, '--json');

    const { schemaVersion, isExplained, errors } = JSON.parse(stdout);
    expect({ exitCode, schemaVersion, isExplained }).toEqual({
      exitCode: 0,
      schemaVersion: 1,
      isExplained: true,
    });
    expect(errors[0]).toMatchObject({ id: 'cuda-ptx-too-new', cudaError: 222, role: 'cause' });
  });

  it('keeps to 80 columns, but for commands, addresses and words of the log', async () => {
    const { stdout } = await explain(colabLog);

    const long = stdout.split('\n').filter((line) => line.length > 80);
    expect(long.filter((line) => !/\$ |https:|\S{60}/.test(line))).toEqual([]);
  });

  it('reads a file, also one in the encoding of PowerShell, and - as stdin', async () => {
    await using folder = await createTemporaryDirectory();
    const utf16 = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(colabLog, 'utf16le')]);
    await writeFile(join(folder.path, 'plain.log'), colabLog);
    await writeFile(join(folder.path, 'powershell.log'), utf16);
    const host: Host = { ...createNodeHost(), workingDirectory: folder.path };

    const results = await Promise.all([
      runInProcess(['explain', 'plain.log'], { host }),
      runInProcess(['explain', 'powershell.log'], { host }),
      runInProcess(['explain', '-'], { host, input: colabLog }),
    ]);

    const [plain, ...others] = results;
    expect(plain?.exitCode).toBe(0);
    for (const { stdout } of others) expect(stdout).toBe(plain?.stdout);
  });

  it('refuses a file that is missing, a folder, and a binary', async () => {
    await using folder = await createTruthFolder(['base/mode_size_ptx75']);
    await mkdir(join(folder.path, 'logs'));
    await copyFile(process.execPath, join(folder.path, 'node'));
    const host: Host = { ...createNodeHost(), workingDirectory: folder.path };

    const missing = await runInProcess(['explain', 'none.log'], { host });
    const directory = await runInProcess(['explain', 'logs'], { host });
    const binary = await runInProcess(['explain', 'node'], { host });

    expect(missing).toMatchObject({ exitCode: 66, stdout: '' });
    expect(missing.stderr).toContain('Cannot read none.log: there is no such file');
    expect(directory).toMatchObject({ exitCode: 66, stdout: '' });
    expect(binary).toMatchObject({ exitCode: 2, stdout: '' });
    expect(binary.stderr).toContain('node is a binary file, not a log');
  });

  it('refuses a target and a binary that it cannot use', async () => {
    const target = await explain(colabLog, '--for', 't5000,driver=550');
    const binary = await explain(colabLog, '--for', 't4,driver=550', '--binary', '/nowhere/lib.so');

    expect(target.exitCode).toBe(2);
    expect(binary.exitCode).toBe(66);
  });

  it('prints nothing of a log that could rewrite a terminal', async () => {
    const log = `\u001b[2J\u001b]0;owned\u0007CUDA error: out of memory\u202e \u0085 error loading model: \u001b[31mred`;

    const { stdout } = await explain(log);

    // oxlint-disable-next-line no-control-regex
    expect(stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
    expect(stdout).toContain('The GPU has too little free memory');
  });
});

describe('llcuda explain, as built', () => {
  it('takes a log of 50 MB from a pipe', { timeout: 60_000 }, async () => {
    const line = 'time=2025-04-14T20:20:32.049 level=INFO msg="runner started in 4.01 seconds"\n';
    const input = `${line.repeat(Math.ceil(50_000_000 / line.length))}CUDA error: out of memory\n`;

    const { exitCode, stdout } = await runLlcuda(['explain'], { input });

    expect(exitCode).toBe(0);
    expect(stdout).toContain('The GPU has too little free memory (CUDA error 2)');
    expect(stdout).toContain('The log is very long');
  });

  it('explains a file', async () => {
    await using folder = await createTemporaryDirectory();
    await writeFile(join(folder.path, 'error.log'), colabLog);

    const result = await runLlcuda(['explain', 'error.log'], { workingDirectory: folder.path });

    expect(result.exitCode).toBe(0);
    expect(result.stdout).toContain('-DCMAKE_CUDA_ARCHITECTURES=75');
  });
});
