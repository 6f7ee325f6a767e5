import { describe, expect, it } from 'vitest';
import { findGpu, suggestGpus } from '../../src/compat/find-gpu.ts';
import { formatGpuNameKey } from '../../src/compat/format-gpu-name-key.ts';
import { gpuTable } from '../../src/compat/gpu-table.ts';

describe('findGpu', () => {
  it.each([
    ['t4', 75],
    ['Tesla T4', 75],
    ['rtx 4090', 89],
    ['RTX4090', 89],
    ['4090', 89],
    ['NVIDIA GeForce RTX 4090 Laptop GPU', 89],
    ['NVIDIA GeForce RTX 4090 D', 89],
    ['a100', 80],
    ['NVIDIA A100-SXM4-40GB', 80],
    ['NVIDIA A100-SXM4-80GB MIG 1g.10gb', 80],
    ['GRID A100D-4C', 80],
    ['NVIDIA H100 80GB HBM3', 90],
    ['H100 PCIe', 90],
    ['NVIDIA GH200 480GB', 90],
    ['Tesla V100-SXM2-16GB', 70],
    ['Tesla P100-PCIE-16GB', 60],
    ['Tesla K80', 37],
    ['gtx 940m', 50],
    ['GeForce 940M', 50],
    ['gtx1080ti', 61],
    ['GeForce GTX 1060 6GB', 61],
    ['GeForce GTX 1650 with Max-Q Design', 75],
    ['NVIDIA GeForce MX450', 75],
    ['Quadro RTX 6000', 75],
    ['NVIDIA RTX 6000 Ada Generation', 89],
    ['NVIDIA RTX A6000', 86],
    ['a6000', 86],
    ['NVIDIA RTX PRO 6000 Blackwell Server Edition', 120],
    ['Quadro P4000', 61],
    ['GeForce GTX TITAN X', 52],
    ['TITAN X (Pascal)', 61],
    ['TITAN Xp', 61],
    ['rtx 5070 ti', 120],
    ['jetson orin', 87],
    ['NVIDIA Jetson AGX Orin Developer Kit', 87],
    ['Orin (nvgpu)', 87],
    ['orin nano', 87],
    ['Jetson Nano', 53],
    ['jetson thor', 110],
    ['DGX Spark', 121],
    ['NVIDIA GB10', 121],
    ['NVIDIA B200', 100],
    ['GB300', 103],
  ])('%s has capability %i', (name, capability) => {
    expect(findGpu(name)?.capability).toBe(capability);
  });

  it.each(['', 'gpu', 'rtx 6000', 'rx 7900', 'nano', '9090', 'constructor', '__proto__'])(
    'does not know %j',
    (name) => {
      expect(findGpu(name)).toBeUndefined();
    },
  );

  it('finds every row of the table by its own name, and no two rows by the same', () => {
    const keys = gpuTable.map(({ name }) => formatGpuNameKey(name));

    expect(new Set(keys).size).toBe(keys.length);
    for (const row of gpuTable) expect(findGpu(row.name)).toBe(row);
  });

  it('marks Tegra chips and data-centre GPUs', () => {
    expect(findGpu('jetson orin')).toMatchObject({ isTegra: true, isDataCenter: false });
    expect(findGpu('t4')).toMatchObject({ isTegra: false, isDataCenter: true });
    expect(findGpu('rtx 3090')).toMatchObject({ isTegra: false, isDataCenter: false });
  });
});

describe('suggestGpus', () => {
  it.each([
    ['rtx 4900', 'RTX 4090'],
    ['rtx 6000', 'Quadro RTX 6000'],
    ['h1000', 'H100'],
    ['jetson orn', 'Jetson AGX Orin'],
  ])('for %s offers %s', (name, expected) => {
    expect(suggestGpus(name)).toContain(expected);
  });

  it('offers nothing for what resembles nothing', () => {
    expect(suggestGpus('radeon instinct mi300')).toEqual([]);
    expect(suggestGpus('')).toEqual([]);
  });
});
