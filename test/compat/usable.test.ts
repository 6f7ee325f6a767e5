import { describe, expect, it } from 'vitest';
import { isPtxUsable } from '../../src/compat/is-ptx-usable.ts';
import { isSassUsable } from '../../src/compat/is-sass-usable.ts';
import { image } from './support.ts';

/** Every capability that some GPU or target has. */
const capabilities = [
  50, 52, 53, 60, 61, 62, 70, 72, 75, 80, 86, 87, 88, 89, 90, 100, 101, 103, 107, 110, 120, 121,
];

describe('isSassUsable', () => {
  it.each([
    { target: 'sm_50', runsOn: [50, 52] },
    { target: 'sm_61', runsOn: [61] },
    { target: 'sm_60', runsOn: [60, 61] },
    { target: 'sm_70', runsOn: [70, 75] },
    { target: 'sm_75', runsOn: [75] },
    { target: 'sm_80', runsOn: [80, 86, 89] },
    { target: 'sm_86', runsOn: [86, 89] },
    { target: 'sm_87', runsOn: [87] },
    { target: 'sm_89', runsOn: [89] },
    { target: 'sm_90', runsOn: [90] },
    { target: 'sm_90a', runsOn: [90] },
    { target: 'sm_100', runsOn: [100, 103, 107] },
    { target: 'sm_100a', runsOn: [100] },
    { target: 'sm_100f', runsOn: [100, 103] },
    { target: 'sm_103f', runsOn: [103] },
    { target: 'sm_101f', runsOn: [101] },
    { target: 'sm_110f', runsOn: [110] },
    { target: 'sm_120', runsOn: [120, 121] },
    { target: 'sm_120a', runsOn: [120] },
    { target: 'sm_120f', runsOn: [120, 121] },
    { target: 'sm_121a', runsOn: [121] },
    { target: 'sm_121f', runsOn: [121] },
    { target: 'sm_107f', runsOn: [107] },
  ])('$target runs on $runsOn', ({ target, runsOn }) => {
    const usable = capabilities.filter((capability) =>
      isSassUsable(image(target).target, { capability }),
    );

    expect(usable).toEqual(runsOn);
  });
});

describe('isPtxUsable', () => {
  it.each([
    { target: 'compute_75', runsOn: capabilities.filter((capability) => capability >= 75) },
    { target: 'compute_87', runsOn: capabilities.filter((capability) => capability >= 87) },
    { target: 'compute_120', runsOn: [120, 121] },
    { target: 'compute_90a', runsOn: [90] },
    { target: 'compute_100f', runsOn: [100, 103] },
    { target: 'compute_103f', runsOn: [103] },
    { target: 'compute_120f', runsOn: [120, 121] },
  ])('$target compiles for $runsOn', ({ target, runsOn }) => {
    const usable = capabilities.filter((capability) =>
      isPtxUsable(image(target).target, { capability }),
    );

    expect(usable).toEqual(runsOn);
  });
});
