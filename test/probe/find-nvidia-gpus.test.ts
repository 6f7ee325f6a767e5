import { describe, expect, it } from 'vitest';
import { createDataHost, type DataHostInput } from '../../src/host/create-data-host.ts';
import { findNvidiaGpus } from '../../src/probe/find-nvidia-gpus.ts';
import { SMI_QUERY as SMI, smiLine } from '../support/smi-output.ts';

function pciDevice(address: string, vendor: string, pciClass: string): Record<string, string> {
  const folder = `/sys/bus/pci/devices/${address}`;
  return { [`${folder}/vendor`]: `${vendor}\n`, [`${folder}/class`]: `${pciClass}\n` };
}

const gpuOnPci = pciDevice('0000:01:00.0', '0x10de', '0x030200');
const gpuInProc = {
  '/proc/driver/nvidia/gpus/0000:01:00.0/information':
    'Model: \t\t NVIDIA H100 80GB HBM3\nIRQ:   \t\t 90\n',
};

describe('findNvidiaGpus', () => {
  it.each<[string, DataHostInput, readonly string[]]>([
    [
      'what nvidia-smi names',
      {
        commands: {
          [SMI]: {
            stdout: `${smiLine({ name: 'NVIDIA H100 80GB HBM3' })}\n${smiLine({ name: 'NVIDIA L4' })}\n`,
          },
        },
      },
      ['NVIDIA H100 80GB HBM3', 'NVIDIA L4'],
    ],
    [
      'what nvidia-smi of WSL2 names, off PATH',
      {
        commands: {
          [`/usr/lib/wsl/lib/${SMI}`]: { stdout: `${smiLine({ name: 'NVIDIA RTX 4090' })}\r\n` },
        },
      },
      ['NVIDIA RTX 4090'],
    ],
    [
      'what the kernel module names, without nvidia-smi',
      { files: { ...gpuInProc, ...gpuOnPci } },
      ['NVIDIA H100 80GB HBM3'],
    ],
    [
      'what the kernel module names, when nvidia-smi fails',
      {
        commands: { [SMI]: { exitCode: 9, stdout: "couldn't communicate with the driver\n" } },
        files: gpuInProc,
      },
      ['NVIDIA H100 80GB HBM3'],
    ],
    [
      'an address, when the kernel module gives no model',
      { files: { '/proc/driver/nvidia/gpus/0000:01:00.0/information': 'IRQ: 90\n' } },
      ['NVIDIA GPU at PCI 0000:01:00.0'],
    ],
    [
      'what PCI shows, without a driver',
      {
        files: {
          ...gpuOnPci,
          ...pciDevice('0000:02:00.0', '0x10de', '0x030000'),
          ...pciDevice('0000:00:02.0', '0x8086', '0x030000'),
        },
      },
      ['NVIDIA GPU at PCI 0000:01:00.0', 'NVIDIA GPU at PCI 0000:02:00.0'],
    ],
    [
      'no GPU in an NVIDIA audio function or bridge',
      {
        files: {
          ...pciDevice('0000:01:00.1', '0x10de', '0x040300'),
          ...pciDevice('0000:03:00.0', '0x10de', '0x068000'),
        },
      },
      [],
    ],
    ['nothing on an empty machine', {}, []],
    [
      'nothing on macOS, whatever runs there',
      {
        platform: 'darwin',
        commands: { [SMI]: { stdout: `${smiLine({ name: 'NVIDIA L4' })}\n` } },
      },
      [],
    ],
  ])('finds %s', async (_what, input, expected) => {
    const host = createDataHost(input);

    const { names } = await findNvidiaGpus(host);

    expect(names).toEqual(expected);
  });

  it.each([
    [undefined, false],
    ['0', false],
    ['0,1', false],
    ['GPU-8932f937-d72c-4106-c12f-20bd9faed9f6', false],
    ['0,-1', false],
    ['', true],
    ['  ', true],
    ['-1', true],
    ['-1,0', true],
    ['NoDevFiles', true],
  ])('with CUDA_VISIBLE_DEVICES=%j, hidden is %j', async (value, expected) => {
    const host = createDataHost({ files: gpuOnPci, env: { CUDA_VISIBLE_DEVICES: value } });

    const { names, isHidden } = await findNvidiaGpus(host);

    expect(names).toHaveLength(1);
    expect(isHidden).toBe(expected);
  });

  it('says that nothing is hidden where there is nothing', async () => {
    const host = createDataHost({ env: { CUDA_VISIBLE_DEVICES: '' } });

    const gpus = await findNvidiaGpus(host);

    expect(gpus).toEqual({ names: [], isHidden: false });
  });

  it('rejects with the reason of the signal', async () => {
    const reason = new Error('enough');

    const finding = findNvidiaGpus(createDataHost(), { signal: AbortSignal.abort(reason) });

    await expect(finding).rejects.toBe(reason);
  });
});
