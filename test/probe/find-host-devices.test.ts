import { describe, expect, it } from 'vitest';
import { createDataHost } from '../../src/host/create-data-host.ts';
import { findHostDevices } from '../../src/probe/find-host-devices.ts';
import { OLD_SMI_QUERY as OLD, SMI_QUERY as FULL, smiLine } from '../support/smi-output.ts';

const WSL = `/usr/lib/wsl/lib/${FULL}`;

describe('findHostDevices', () => {
  it('reads GPU, driver and environment', async () => {
    const host = createDataHost({
      commands: {
        [FULL]: {
          stdout: smiLine({
            name: 'NVIDIA H100 80GB HBM3',
            driver: '580.159.04',
            capability: '9.0',
          }),
        },
      },
      env: { CUDA_FORCE_PTX_JIT: '1', CUDA_DISABLE_PTX_JIT: '0' },
    });

    await expect(findHostDevices(host)).resolves.toEqual([
      {
        gpu: {
          capability: 90,
          name: 'NVIDIA H100 80GB HBM3',
          isTegra: false,
          isDataCenter: true,
          isKnownToDriver: true,
        },
        driver: { version: '580.159.04', cudaVersion: { major: 13, minor: 0 } },
        os: 'linux',
        environment: { forcePtxJit: true, disablePtxJit: false },
      },
    ]);
  });

  it('gives each kind of GPU once', async () => {
    const stdout = [
      smiLine(),
      smiLine({ name: 'NVIDIA L4', capability: '8.9' }),
      smiLine(),
      '',
    ].join('\n');

    const facts = await findHostDevices(createDataHost({ commands: { [FULL]: { stdout } } }));

    expect(facts.map(({ gpu }) => gpu.capability)).toEqual([75, 89]);
  });

  it.each([
    {
      what: 'a driver before 510, which has no compute_cap',
      commands: {
        [FULL]: { exitCode: 2, stdout: 'Field "compute_cap" is not a valid field to query.\n' },
        [OLD]: {
          stdout: 'Tesla T4, 470.256.02, 00000000:00:04.0, GPU-1, 15109 MiB, 15109 MiB\n',
        },
      },
      platform: 'linux',
      expected: [75, 'linux'],
    },
    {
      what: 'WSL2, where it is off PATH',
      commands: {
        [WSL]: {
          stdout: smiLine({ name: 'NVIDIA GeForce RTX 4090', driver: '551.61', capability: '8.9' }),
        },
      },
      platform: 'linux',
      expected: [89, 'linux'],
    },
    {
      what: 'Windows',
      commands: {
        [FULL]: {
          stdout: `${smiLine({ name: 'NVIDIA GeForce RTX 4090', driver: '551.61', capability: '8.9' })}\r\n`,
        },
      },
      platform: 'win32',
      expected: [89, 'windows'],
    },
  ] as const)('asks $what', async ({ commands, platform, expected }) => {
    const [facts] = await findHostDevices(createDataHost({ commands, platform }));

    expect([facts?.gpu.capability, facts?.os]).toEqual(expected);
  });

  it.each([
    { commands: {} },
    { commands: { [FULL]: { exitCode: 9, stdout: 'No devices were found\n' } } },
    { commands: { [FULL]: { stdout: 'garbage\n' } } },
  ])('finds nothing with %j', async ({ commands }) => {
    await expect(findHostDevices(createDataHost({ commands }))).resolves.toEqual([]);
  });
});
