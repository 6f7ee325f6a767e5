import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { explainVisibleDevices } from '../../../src/probe/gpus/explain-visible-devices.ts';

const noMig = { mode: 'disabled', instances: [] } as const;
const gpus = [
  { name: 'Tesla T4', uuid: 'GPU-aaaa1111-0000-0000-0000-000000000000', mig: noMig },
  { name: 'Tesla T4', uuid: 'GPU-aaaa2222-0000-0000-0000-000000000000', mig: noMig },
];

describe('explainVisibleDevices', () => {
  it.each([
    [undefined, 'unset', [0, 1]],
    ['0,1', 'all', [0, 1]],
    ['1,0', 'all', [1, 0]],
    ['1', 'some', [1]],
    ['', 'none', []],
    [' ', 'none', []],
    ['-1', 'none', []],
    ['NoDevFiles', 'none', []],
    ['2', 'none', []],
    ['0,2,1', 'some', [0]],
    ['0,-1,1', 'some', [0]],
    ['0,0', 'none', []],
    ['GPU-aaaa2', 'some', [1]],
    // Fits both.
    ['GPU-aaaa', 'none', []],
    ['GPU-bbbb', 'none', []],
    ['0, 1', 'all', [0, 1]],
    ['all', 'none', []],
  ] as const)('%j has the effect %j', (value, effect, gpuIndexes) => {
    expect(explainVisibleDevices({ value, order: undefined }, gpus)).toMatchObject({
      effect,
      gpuIndexes,
    });
  });

  it('says at which entry CUDA stops', () => {
    const { explanation, entries } = explainVisibleDevices(
      { value: '0,7,1', order: undefined },
      gpus,
    );

    expect(explanation).toBe(
      'CUDA_VISIBLE_DEVICES=0,7,1: "7" names no GPU of this host, and CUDA stops reading there: CUDA sees 1 of 2 GPUs.',
    );
    expect(entries.map(({ status }) => status)).toEqual(['used', 'invalid', 'ignored']);
  });

  it('is sure of the numbers only where the GPUs are alike or ordered by PCI address', () => {
    const mixed = [gpus[0]!, { ...gpus[1]!, name: 'NVIDIA L4' }];
    const value = '1';

    expect(explainVisibleDevices({ value, order: undefined }, mixed).confidence).toBe('likely');
    expect(explainVisibleDevices({ value, order: 'PCI_BUS_ID' }, mixed).confidence).toBe('certain');
    expect(explainVisibleDevices({ value, order: undefined }, gpus).confidence).toBe('certain');
  });

  it('never names a GPU that is not there, whatever the value', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.array(fc.integer({ min: -2, max: 4 })).map(String)),
        (value) => {
          const facts = explainVisibleDevices({ value, order: undefined }, gpus);

          expect(facts.gpuIndexes.every((index) => index === 0 || index === 1)).toBe(true);
          expect(new Set(facts.gpuIndexes).size).toBe(facts.gpuIndexes.length);
        },
      ),
    );
  });
});
