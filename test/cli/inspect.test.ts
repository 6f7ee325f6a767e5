import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findCudaError } from '../../src/compat/cuda-errors.ts';
import { buildPe } from '../fixtures/build-pe.ts';
import { readRecordedLoads, recordedTarget, truthFixture } from '../support/cuda-truth.ts';
import { createTruthFolder, inspectIn } from '../support/inspect-in.ts';
import { runInProcess } from '../support/run-in-process.ts';
import { runLlcuda } from '../support/run-llcuda.ts';
import { SMI_QUERY, smiLine } from '../support/smi-output.ts';
import { createTemporaryDirectory } from '../support/temporary-directory.ts';

interface Verdict {
  readonly outcome: string;
  readonly cudaError: number | null;
}

describe('llcuda inspect --for, against an H100 with driver 580.159.04', () => {
  it.each([
    { environment: 'default', loads: 213 },
    { environment: 'CUDA_FORCE_PTX_JIT=1', loads: 213 },
    { environment: 'CUDA_DISABLE_PTX_JIT=1', loads: 120 },
  ])('agrees with all $loads recorded loads ($environment)', async ({ environment, loads }) => {
    const recorded = readRecordedLoads(environment);
    const variable = environment === 'default' ? [] : ['--cuda-env', environment];
    const paths = recorded.map(({ path }) => path);

    const { exitCode, stdout } = await runLlcuda([
      'inspect',
      ...paths,
      '--for',
      recordedTarget,
      '--json',
      ...variable,
    ]);

    const { files }: { files: { path: string; verdict: Verdict }[] } = JSON.parse(stdout);
    const predicted = files.map(({ path, verdict }) => ({ path, load: toLoad(verdict) }));
    expect(predicted).toEqual(recorded);
    expect({ exitCode, loads: predicted.length }).toEqual({ exitCode: 1, loads });
  });
});

function toLoad({ outcome, cudaError }: Verdict): string {
  if (outcome !== 'fail') return 'CUDA_SUCCESS';
  return String(findCudaError(cudaError ?? 0)?.driverName);
}

describe('llcuda inspect of a file for Windows', () => {
  it.each([
    { target: 't4,driver=580', minimumDriver: '590' },
    { target: 't4,driver=580,os=linux', minimumDriver: '590.44.01' },
  ])('judges it there, unless told: $target', async ({ target, minimumDriver }) => {
    await using folder = await createTemporaryDirectory();
    const data = await readFile(truthFixture('base/ptx_75_isa9.1'));
    const dll = buildPe({ sections: [{ name: '.nv_fatb', data }] });
    await writeFile(join(folder.path, 'ggml-cuda.dll'), dll);

    const { stdout } = await inspectIn(folder.path, 'ggml-cuda.dll', '--for', target, '--json');

    expect(JSON.parse(stdout).files[0].verdict).toMatchObject({ cudaError: 222, minimumDriver });
  });
});

describe('llcuda inspect, for people', () => {
  it('leads with what fails, why, and the fix', async () => {
    await using folder = await createTruthFolder(['base/ptx_90_isa9.9']);

    const result = await inspectIn(folder.path, 'ptx_90_isa9.9.fatbin', '--for', 'h100,driver=580');

    expect(result.exitCode).toBe(1);
    expect(result.stdout).toMatchInlineSnapshot(`
      "ptx_90_isa9.9.fatbin will not run on H100 (9.0), driver 580 (CUDA 13.0): CUDA
      error 222
        Error  cudaErrorUnsupportedPtxVersion
        Why    The GPU code for H100 (9.0) is PTX (compute_90) of version 9.9, and
               driver 580 (CUDA 13.0) compiles PTX up to 9.0.
        Needs  no driver makes it run on this GPU
        Runs   with this driver on no GPU
        Fix    Use a build with sm_90 code.

        fatbin, 432 B, 1 fatbin
        KIND  TARGET      PTX  COMPRESSION  COUNT
        ptx   compute_90  9.9  zstd             1
      "
    `);
  });

  it('tells what the driver has to compile', async () => {
    await using folder = await createTruthFolder(['base/mode_size_ptx75']);

    const result = await inspectIn(folder.path, 'mode_size_ptx75.fatbin', '--for', 't4,cuda=13.0');

    expect(result.exitCode).toBe(0);
    expect(result.stdout).toMatchInlineSnapshot(`
      "mode_size_ptx75.fatbin will run on T4 (7.5), a driver of CUDA 13.0 once the
      driver has compiled it
        Why    Runs on T4 (7.5) after a driver of CUDA 13.0 has compiled PTX 9.0
               (compute_75).
        Cost   580 B of PTX to compile at the first use, about 1 ms on one core
        Needs  driver 580.65.06 or later (CUDA 13.0)
        Runs   with this driver on 7.5, 8.0, 8.6, 8.9, 9.0, 10.0, 10.3, 12.0, 12.1

        fatbin, 424 B, 1 fatbin, CUDA toolkit 13.0
        KIND  TARGET      PTX  COMPRESSION  COUNT
        ptx   compute_75  9.0  zstd             1
      "
    `);
  });

  it('counts the files of a folder that fail, and names what is not judged', async () => {
    await using folder = await createTruthFolder([
      'base/sass_90',
      'base/sass_100',
      'base/combo_sass80_ptx75',
    ]);
    await writeFile(join(folder.path, 'README.md'), 'no binary\n');
    await writeFile(join(folder.path, 'libcut.so'), '\x7fELF\x02\x01\x01');
    await mkdir(join(folder.path, 'empty'));

    const result = await inspectIn(folder.path, '.', '--for', recordedTarget);

    expect(result.exitCode).toBe(1);
    expect(result.stdout).toMatchInlineSnapshot(`
      "1 of 3 files will not run on compute capability 9.0, driver 580.159.04 (CUDA
      13.0)

      sass_100.fatbin will not run on compute capability 9.0, driver 580.159.04 (CUDA
      13.0): CUDA error 209
        Error  cudaErrorNoKernelImageForDevice
        Why    The GPU code has nothing for a GPU of compute capability 9.0: it holds
               only sm_100.
        Needs  no driver makes it run on this GPU
        Runs   with this driver on 10.0, 10.3
        Fix    Use a build with sm_90 code.

        fatbin, 5.5 kB, 1 fatbin, CUDA toolkit 13.0
        KIND  TARGET  PTX  COMPRESSION  COUNT
        sass  sm_100  -    none             1

      combo_sass80_ptx75.fatbin will run on compute capability 9.0, driver 580.159.04
      (CUDA 13.0) once the driver has compiled it
        Why    Runs on a GPU of compute capability 9.0 after driver 580.159.04 (CUDA
               13.0) has compiled PTX 9.0 (compute_75).
        Cost   580 B of PTX to compile at the first use, about 1 ms on one core
        Needs  driver 580.65.06 or later (CUDA 13.0)
        Runs   with this driver on 7.5, 8.0, 8.6, 8.9, 9.0, 10.0, 10.3, 12.0, 12.1

        fatbin, 3.6 kB, 1 fatbin, CUDA toolkit 13.0
        KIND  TARGET      PTX  COMPRESSION  COUNT
        sass  sm_80       -    none             1
        ptx   compute_75  9.0  zstd             1

      sass_90.fatbin will run on compute capability 9.0, driver 580.159.04 (CUDA 13.0)
      as it is
        Why    Holds machine code (sm_90) that runs on a GPU of compute capability 9.0
               with driver 580.159.04 (CUDA 13.0).
        Needs  driver 520.61.05 or later (CUDA 11.8)
        Runs   with this driver on 9.0

        fatbin, 3.8 kB, 1 fatbin, CUDA toolkit 13.0
        KIND  TARGET  PTX  COMPRESSION  COUNT
        sass  sm_90   -    none             1

      Not read: libcut.so (BINARY_MALFORMED): Malformed elf.osAbi at byte 7: needs 1
                bytes, 0 left
      "
    `);
  });

  it('lists what is in a file without judging it', async () => {
    await using folder = await createTruthFolder(['base/combo_sass90_ptx90']);

    const result = await inspectIn(folder.path, 'combo_sass90_ptx90.fatbin');

    expect(result.exitCode).toBe(0);
    expect(result.stdout).toMatchInlineSnapshot(`
      "combo_sass90_ptx90.fatbin: fatbin, 4.2 kB, 1 fatbin, CUDA toolkit 13.0
        KIND  TARGET      PTX  COMPRESSION  COUNT
        sass  sm_90       -    none             1
        ptx   compute_90  9.0  zstd             1
      "
    `);
  });

  it('judges several targets', async () => {
    await using folder = await createTruthFolder(['base/sass_90']);
    const targets = ['--for', recordedTarget, '--for', 'rtx 4090,driver=580,os=windows'];

    const text = await inspectIn(folder.path, 'sass_90.fatbin', ...targets);
    const json = await inspectIn(folder.path, 'sass_90.fatbin', ...targets, '--json');

    expect(text.exitCode).toBe(1);
    expect(text.stdout).toMatch(/^It will not run on 1 of 2 targets\n/);
    expect(text.stdout).toContain('RTX 4090 (8.9), driver 580 (CUDA 13.0), Windows');
    const { targets: described, files } = JSON.parse(json.stdout);
    expect(described.map(({ target, os }: Record<string, string>) => [target, os])).toEqual([
      [recordedTarget, 'linux'],
      ['rtx 4090,driver=580,os=windows', 'windows'],
    ]);
    expect(files[0].verdict).toMatchObject({ outcome: 'fail', cudaError: 209 });
    expect(files[0].verdicts).toMatchObject([
      { target: recordedTarget, outcome: 'native' },
      { target: 'rtx 4090,driver=580,os=windows', outcome: 'fail' },
    ]);
  });

  it('keeps every line within 80 columns, for every recorded fatbin', async () => {
    await using folder = await createTemporaryDirectory();
    await cp(truthFixture('base/sass_90').replace(/base\/.*/, ''), folder.path, {
      recursive: true,
    });

    const { stdout } = await inspectIn(folder.path, '.', '--for', recordedTarget);

    const lines = stdout.split('\n');
    expect(lines[0]).toMatch(/^\d+ of 235 files will not run on compute capability 9\.0/);
    expect(lines.filter((line) => line.length > 80)).toEqual([]);
  });
});

describe('llcuda inspect, for scripts', () => {
  it('prints schema 1', async () => {
    await using folder = await createTruthFolder(['base/combo_sass90_ptx90']);

    const { exitCode, stdout, stderr } = await inspectIn(
      folder.path,
      'combo_sass90_ptx90.fatbin',
      '--for',
      recordedTarget,
      '--json',
      '--deep',
    );

    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    const document = JSON.parse(stdout);
    expect(document.files[0].verdict.reason).toContain('sm_90');
    expect(document).toMatchObject({
      schemaVersion: 1,
      files: [
        {
          path: 'combo_sass90_ptx90.fatbin',
          format: 'fatbin',
          sizeBytes: 4200,
          fatbins: 1,
          images: [
            { kind: 'sass', target: 'sm_90', compression: 'none', count: 1 },
            { kind: 'ptx', target: 'compute_90', ptxIsa: '9.0', compression: 'zstd', count: 1 },
          ],
          toolkit: '13.0',
          libraries: { needed: [], runpath: [] },
          decoded: { images: 2, failures: [] },
          verdict: { outcome: 'native', cudaError: null, minimumDriver: '520.61.05' },
        },
      ],
    });
  });

  it('leaves out the verdict without --for', async () => {
    const { stdout } = await inspectIn('/', truthFixture('base/sass_90'), '--json');

    const { targets, files } = JSON.parse(stdout);
    expect([targets, files[0].verdict]).toEqual([undefined, undefined]);
  });

  it('judges for this machine', async () => {
    const h100 = { name: 'NVIDIA H100 80GB HBM3', driver: '580.159.04', capability: '9.0' };
    const line = `${smiLine(h100)}\n`;
    const data = { commands: { [SMI_QUERY]: { stdout: line + line } } };
    const path = truthFixture('base/ptx_90_isa9.9');

    const { exitCode, stdout } = await runInProcess(['inspect', path, '--for', 'host', '--json'], {
      data,
    });

    const { targets, files } = JSON.parse(stdout);
    expect(exitCode).toBe(1);
    expect(targets).toEqual([
      {
        target: 'host',
        gpu: 'NVIDIA H100 80GB HBM3',
        capability: '9.0',
        driver: '580.159.04',
        cuda: '13.0',
        os: 'linux',
        environment: [],
      },
    ]);
    expect(files[0].verdict).toMatchObject({ outcome: 'fail', cudaError: 222 });
  });

  it.each([
    { argv: ['--for', 'gtx999,driver=550'], code: 'TARGET_INVALID', exitCode: 2 },
    { argv: ['--for', 't4'], code: 'TARGET_INVALID', exitCode: 2 },
    { argv: ['--for', 'host'], code: 'TARGET_INVALID', exitCode: 2 },
    { argv: ['--for', recordedTarget, '--cuda-env', 'A=1'], code: 'USAGE_INVALID', exitCode: 2 },
    { argv: ['--cuda-env', 'CUDA_FORCE_PTX_JIT=1'], code: 'USAGE_INVALID', exitCode: 2 },
    { argv: ['--matrix', '--for', recordedTarget], code: 'USAGE_INVALID', exitCode: 2 },
    { argv: ['--matrix', '--dump-ptx'], code: 'USAGE_INVALID', exitCode: 2 },
    { argv: ['--dump-ptx'], code: 'USAGE_INVALID', exitCode: 2 },
    { argv: ['--markdown'], code: 'USAGE_INVALID', exitCode: 2 },
  ])('refuses $argv with one JSON document', async ({ argv, code, exitCode }) => {
    const result = await runInProcess(['inspect', truthFixture('base/sass_90'), ...argv, '--json']);

    expect(result.exitCode).toBe(exitCode);
    expect(JSON.parse(result.stdout)).toMatchObject({ error: { code } });
    expect(result.stderr).toBe('');
  });

  it('names the two variables that count', async () => {
    const argv = ['inspect', 'a.so', '--for', recordedTarget, '--cuda-env', 'CUDA_CACHE_DISABLE=1'];

    const { stderr } = await runInProcess(argv);

    expect(stderr).toContain('CUDA_FORCE_PTX_JIT=1');
    expect(stderr).toContain('CUDA_DISABLE_PTX_JIT=1');
  });

  it.each([
    { name: 'nothing.so', code: 'SOURCE_UNREADABLE', exitCode: 66 },
    { name: 'README.md', code: 'BINARY_UNSUPPORTED', exitCode: 65 },
    { name: 'cut.fatbin', code: 'BINARY_MALFORMED', exitCode: 65 },
  ])('fails with $code for $name alone, and goes on beside another', async (bad) => {
    await using folder = await createTruthFolder(['base/sass_90']);
    const whole = await readFile(truthFixture('base/sass_90'));
    await writeFile(join(folder.path, 'cut.fatbin'), whole.subarray(0, 60));
    await writeFile(join(folder.path, 'README.md'), 'no binary\n');

    const alone = await inspectIn(folder.path, bad.name, '--json');
    const both = await inspectIn(folder.path, bad.name, 'sass_90.fatbin', '--json');

    expect(alone.exitCode).toBe(bad.exitCode);
    expect(JSON.parse(alone.stdout).error.code).toBe(bad.code);
    expect(JSON.parse(alone.stdout).error.message).toContain(bad.name);
    // A text file among binaries is no failure.
    expect(both.exitCode).toBe(bad.code === 'BINARY_UNSUPPORTED' ? 0 : bad.exitCode);
    expect(JSON.parse(both.stdout).files).toMatchObject([
      { path: bad.name, error: { code: bad.code } },
      { path: 'sass_90.fatbin', fatbins: 1 },
    ]);
  });
});
