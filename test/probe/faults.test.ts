import { chmod, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createNodeHost } from '../../src/host/create-node-host.ts';
import type { Host } from '../../src/host/host.ts';
import { findNvidiaGpus } from '../../src/probe/find-nvidia-gpus.ts';
import { probeHost } from '../../src/probe/probe-host.ts';
import { buildLibrary, cudaVersion, fakeCuda, fakeNvml } from '../fixtures/driver-libraries.ts';
import { loadHost } from '../support/load-host.ts';
import { smiLine } from '../support/smi-output.ts';
import { createTemporaryDirectory } from '../support/temporary-directory.ts';

const isLinux = process.platform === 'linux';

/** This machine, with these programs first on PATH and these folders first for the loader. */
async function createHostWith(
  folder: string,
  programs: Readonly<Record<string, string>>,
  libraryFolders: readonly string[] = [],
): Promise<Host> {
  for (const [name, text] of Object.entries(programs)) {
    await writeFile(join(folder, name), `#!/bin/sh\n${text}\n`);
    await chmod(join(folder, name), 0o755);
  }
  const path = `${folder}:${dirname(process.execPath)}:/usr/bin:/bin`;
  const env = { PATH: path, LD_LIBRARY_PATH: libraryFolders.join(':'), HOME: folder };
  return { ...createNodeHost(), env, homeDirectory: folder };
}

describe.skipIf(!isLinux)('nvidia-smi as a real program', () => {
  it('that sleeps, with a child that keeps its output open, is given up', async () => {
    await using folder = await createTemporaryDirectory();
    const host = await createHostWith(folder.path, { 'nvidia-smi': 'sleep 60 & sleep 60' });
    const startedAt = performance.now();

    const { driver, gpus } = await probeHost(host, { timeoutMs: 500 });

    expect(driver.smi).toMatchObject({ outcome: 'timed-out', command: 'nvidia-smi' });
    expect(gpus.every(({ source }) => source !== 'nvidia-smi')).toBe(true);
    expect(performance.now() - startedAt).toBeLessThan(20_000);
  });

  it.each([
    ['prints garbage', 'head -c 20000 /dev/urandom', 'unreadable'],
    ['says nothing', 'true', 'failed'],
    [
      'has an error on stdout and ends well',
      `echo "NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver."`,
      'failed',
    ],
    [
      'has an error on stdout and ends badly',
      `echo "NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver."; exit 9`,
      'failed',
    ],
    ['speaks German', 'echo "Es wurden keine Geräte gefunden"; exit 6', 'failed'],
    ['finds no devices', 'echo "No devices were found"; exit 6', 'no-devices'],
    [
      'meets another driver',
      'echo "Failed to initialize NVML: Driver/library version mismatch"; exit 18',
      'mismatch',
    ],
    ['prints without an end', 'yes', 'failed'],
    ['is killed', 'kill -9 $$', 'failed'],
  ] as const)('that %s is a value', async (_what, script, outcome) => {
    await using folder = await createTemporaryDirectory();
    const host = await createHostWith(folder.path, { 'nvidia-smi': script });

    const { driver } = await probeHost(host, { timeoutMs: 5000 });

    expect(driver.smi.outcome).toBe(outcome);
    // oxlint-disable-next-line no-control-regex
    expect(driver.smi.message ?? '').not.toMatch(/[\u0000-\u001f]/);
  });

  it('that knows eight GPUs gives eight', async () => {
    await using folder = await createTemporaryDirectory();
    const lines = Array.from({ length: 8 }, (_, at) =>
      smiLine({ address: `00000000:0${at}:00.0` }),
    );
    const script = `case "$1" in --query*) cat <<'END'\n${lines.join('\n')}\nEND\n;; *) exit 1;; esac`;
    const host = await createHostWith(folder.path, { 'nvidia-smi': script });

    const { names } = await findNvidiaGpus(host);

    expect(names).toEqual(Array.from({ length: 8 }, () => 'Tesla T4'));
  });

  it('stops when the signal fires', async () => {
    await using folder = await createTemporaryDirectory();
    const host = await createHostWith(folder.path, { 'nvidia-smi': 'sleep 60' });

    const probing = probeHost(host, { signal: AbortSignal.timeout(300) });

    await expect(probing).rejects.toMatchObject({ name: 'TimeoutError' });
  });
});

describe.skipIf(!isLinux)('a libcuda', () => {
  it('that crashes in cuInit takes only its own process with it', async () => {
    await using folder = await createTemporaryDirectory();
    const source = `#include <signal.h>\n${cudaVersion} int cuInit(unsigned f) { raise(SIGSEGV); return 0; }`;
    buildLibrary(folder.path, 'libcuda.so.1', source);
    const host = await createHostWith(folder.path, {}, [folder.path]);

    const { driver } = await probeHost(host);

    expect(driver.native).toMatchObject({
      outcome: 'crashed',
      signal: 'SIGSEGV',
      lastStep: 'cuInit',
      message: 'It died of SIGSEGV in cuInit.',
      libcuda: { isLoaded: true, cudaVersion: { major: 12, minor: 4 } },
      nvml: { isLoaded: false },
    });
    expect(driver.native.libcuda?.path).toBe(join(folder.path, 'libcuda.so.1'));
  });

  it('that hangs in cuInit is given up', async () => {
    await using folder = await createTemporaryDirectory();
    const source = `#include <unistd.h>\n${cudaVersion} int cuInit(unsigned f) { for (;;) sleep(60); }`;
    buildLibrary(folder.path, 'libcuda.so.1', source);
    const host = await createHostWith(folder.path, {}, [folder.path]);

    const { driver } = await probeHost(host, { timeoutMs: 2000 });

    expect(driver.native).toMatchObject({ outcome: 'timed-out', lastStep: 'cuInit' });
  });

  it('that exits the process is a failure without an exception', async () => {
    await using folder = await createTemporaryDirectory();
    const source = `#include <stdlib.h>\n${cudaVersion} int cuInit(unsigned f) { exit(3); }`;
    buildLibrary(folder.path, 'libcuda.so.1', source);
    const host = await createHostWith(folder.path, {}, [folder.path]);

    const { driver } = await probeHost(host);

    expect(driver.native.outcome).toBe('failed');
  });

  it('that is no library is said to be none', async () => {
    await using folder = await createTemporaryDirectory();
    await writeFile(join(folder.path, 'libcuda.so.1'), 'no library');
    const host = await createHostWith(folder.path, {}, [folder.path]);

    const { driver } = await probeHost(host);

    expect(driver.native).toMatchObject({
      outcome: 'answered',
      libcuda: { isLoaded: false, loadError: expect.stringMatching(/\w/) },
    });
  });

  it('with a GPU behind it and NVML beside it is read whole', async () => {
    await using folder = await createTemporaryDirectory();
    buildLibrary(folder.path, 'libcuda.so.1', fakeCuda);
    buildLibrary(folder.path, 'libnvidia-ml.so.1', fakeNvml);
    const host = await createHostWith(folder.path, {}, [folder.path]);

    const { driver, gpus } = await probeHost(host);

    expect(driver.native.outcome).toBe('answered');
    expect(driver.smi.outcome).toBe('skipped');
    expect(driver.version).toBe('550.54.15');
    expect(gpus).toMatchObject([
      {
        index: 0,
        cudaIndex: 0,
        name: 'Tesla T4',
        capability: 75,
        capabilitySource: 'nvml',
        pciAddress: '0000:00:04.0',
        pciId: '10de:1eb8',
        memoryTotalBytes: 16_106_127_360,
        memoryFreeBytes: 15_000_000_000,
        ecc: { mode: 'enabled' },
        mig: { mode: 'unsupported', instances: [] },
        isIntegrated: false,
        processes: [{ pid: 4242, memoryBytes: 1_000_000 }],
        source: 'nvml',
        confidence: 'certain',
      },
    ]);
  });
});

describe('what may not be read', () => {
  it('leaves the rest of the probe as it is', async () => {
    const host = await loadHost('colab-t4-550');
    const whole = await probeHost(host);

    const facts = await probeHost({
      ...host,
      readText: async () => undefined,
      list: async (path) => (path.startsWith('/proc') ? [] : host.list(path)),
      findFreeBytes: async () => undefined,
    });

    expect(facts.gpus).toEqual(whole.gpus);
    expect(facts.driver.version).toBe('550.54.15');
    expect([facts.platform.osName, facts.memory.totalBytes, facts.disk.freeBytes]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('is told of the device nodes', async () => {
    const host = await loadHost('colab-t4-550');

    const { driver } = await probeHost({
      ...host,
      findEntry: async (path) => {
        const entry = await host.findEntry(path);
        return path === '/dev/nvidia0' && entry ? { ...entry, isWritable: false } : entry;
      },
    });

    expect(driver.deviceNodes).toEqual([
      { path: '/dev/nvidia-uvm', isAccessible: true },
      { path: '/dev/nvidia0', isAccessible: false },
      { path: '/dev/nvidiactl', isAccessible: true },
    ]);
  });

  it('is given up when its disk does not answer', async () => {
    const host = await loadHost('colab-t4-550');
    const never = new Promise<undefined>(() => undefined);

    const { driver } = await probeHost({
      ...host,
      readText: async (path) => (path.startsWith('/usr/local') ? never : host.readText(path)),
    });

    expect(driver.version).toBe('550.54.15');
  });
});
