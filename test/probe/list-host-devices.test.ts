import { describe, expect, it } from 'vitest';
import { listHostDevices } from '../../src/probe/list-host-devices.ts';
import { probeHost } from '../../src/probe/probe-host.ts';
import { loadHost, type HostName } from '../support/load-host.ts';

describe('listHostDevices', () => {
  it.each<readonly [HostName, object]>([
    ['geforce-compat-804', { forwardCompat: { cudaVersion: { major: 12, minor: 8 } } }],
    ['container-no-ptx-compiler', { hasPtxCompiler: false }],
    ['colab-t4-550', { hasPtxCompiler: true, gpu: { capability: 75, isDataCenter: true } }],
    ['jetson-orin', { gpu: { isTegra: true }, driver: { cudaVersion: { major: 12, minor: 6 } } }],
    ['laptop-940m-470', { gpu: { capability: 50, isKnownToDriver: true } }],
  ])('of %s has what the rules need', async (name, expected) => {
    const [device] = listHostDevices(await probeHost(await loadHost(name)));

    expect(device).toMatchObject(expected);
  });

  it('gives two alike GPUs once, and of different ones only those that are visible', async () => {
    const alike = listHostDevices(await probeHost(await loadHost('kaggle-2xt4')));
    const visible = listHostDevices(await probeHost(await loadHost('two-gpus')));

    expect(alike).toHaveLength(1);
    expect(visible.map(({ gpu }) => gpu.name)).toEqual(['NVIDIA GeForce RTX 3090']);
  });

  it.each<HostName>(['no-gpu', 'nouveau'])('of %s is empty', async (name) => {
    expect(listHostDevices(await probeHost(await loadHost(name)))).toEqual([]);
  });

  it('knows the stub of a toolkit that comes first', async () => {
    const host = await loadHost('h100-driver-580');
    const env = { ...host.env, LD_LIBRARY_PATH: '/usr/local/cuda/lib64/stubs' };

    const [device] = listHostDevices(await probeHost({ ...host, env }));

    expect(device?.isStubDriver).toBe(true);
  });
});
