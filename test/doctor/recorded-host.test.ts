import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { readDoctorEvidence } from '../../src/doctor/doctor-evidence.ts';
import { runDoctor } from '../../src/doctor/run-doctor.ts';
import type { Host } from '../../src/host/host.ts';
import { createSnapshotHost } from '../../src/host/snapshot/create-snapshot-host.ts';
import { parseSnapshot } from '../../src/host/snapshot/parse-snapshot.ts';
import { listHostDevices } from '../../src/probe/list-host-devices.ts';
import { probeHost } from '../../src/probe/probe-host.ts';

const recording = new URL('../fixtures/recorded/h100-driver-580.json', import.meta.url);

/** What `llcuda doctor --snapshot` wrote on a machine with a real H100: libcuda and NVML were asked there. */
describe('a recorded H100', () => {
  let host: Host;
  beforeAll(async () => {
    host = createSnapshotHost(parseSnapshot(await readFile(recording, 'utf8')));
  });

  it('is told by the driver itself', async () => {
    const { driver, gpus } = await probeHost(host);

    expect(driver).toMatchObject({
      version: '580.159.04',
      cudaVersion: { major: 13, minor: 0 },
      isMismatched: false,
      native: { outcome: 'answered', lastStep: 'done', libcuda: { initResult: 0, deviceCount: 1 } },
    });
    expect(gpus).toMatchObject([
      {
        name: 'NVIDIA H100 80GB HBM3',
        capability: 90,
        // NVML's total; nvidia-smi prints 81559 MiB, and 81079 MiB free.
        memoryTotalBytes: 85_520_809_984,
        memoryFreeBytes: 85_017_165_824,
        pciAddress: '0000:00:06.0',
        mig: { mode: 'disabled' },
        ecc: { mode: 'enabled', uncorrectedErrors: 0 },
        power: { limitWatts: 700 },
        clocks: { smMaximumMhz: 1980, memoryMhz: 2619 },
        source: 'nvml',
      },
    ]);
  });

  it('has three paths to libcuda of the driver, a copy of cuda-compat and a stub; the first loads', async () => {
    const facts = await probeHost(host);
    const evidence = await readDoctorEvidence(host);

    const [check] = runDoctor(facts, { evidence, only: ['libcuda'] }).checks;

    expect(check?.summary).toBe(
      '2 copies and a stub; /usr/local/nvidia/lib64/libcuda.so.580.159.04 loads.',
    );
    expect(check?.detail?.[0]).toMatch(
      /^libcuda\.so\.1: .*580\.159\.04 \(loads; also at .*\/lib\/libcuda\.so\.1/,
    );
    expect(check?.detail?.[1]).toContain(
      '/compat/libcuda.so.580.95.05 (not on the path, of cuda-compat',
    );
    expect(check?.detail?.[2]).toContain('/stubs/libcuda.so (not on the path, a stub');
  });

  it('is one device for the rules', async () => {
    expect(listHostDevices(await probeHost(host))).toMatchObject([
      {
        gpu: { capability: 90, isKnownToDriver: true, isDataCenter: true },
        driver: { version: '580.159.04', cudaVersion: { major: 13, minor: 0 } },
        os: 'linux',
        hasPtxCompiler: true,
      },
    ]);
  });

  it('is ready, but has no llama.cpp', async () => {
    const facts = await probeHost(host);
    const evidence = await readDoctorEvidence(host);

    const { host: summary, verdict, counts } = runDoctor(facts, { evidence });

    expect(summary).toMatchObject({
      driver: '580.159.04',
      cuda: '13.0',
      gpus: [{ name: 'NVIDIA H100 80GB HBM3' }],
    });
    expect(verdict).toMatchObject({ outcome: 'no-runtime' });
    expect(counts.fail).toBe(0);
  });
});
