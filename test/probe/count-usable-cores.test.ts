import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createDataHost } from '../../src/host/create-data-host.ts';
import { createNodeHost } from '../../src/host/create-node-host.ts';
import { countUsableCores } from '../../src/probe/count-usable-cores.ts';

const V2 = '/sys/fs/cgroup/cpu.max';
const V1_QUOTA = '/sys/fs/cgroup/cpu/cpu.cfs_quota_us';
const V1_PERIOD = '/sys/fs/cgroup/cpu/cpu.cfs_period_us';

describe('countUsableCores', () => {
  it.each([
    ['there is no cgroup', {}, 8],
    ['cgroup v2 allows two', { [V2]: '200000 100000\n' }, 2],
    ['cgroup v2 sets no limit', { [V2]: 'max 100000\n' }, 8],
    ['cgroup v2 allows a part of one', { [V2]: '25000 100000\n' }, 1],
    ['cgroup v2 allows two and a half', { [V2]: '250000 100000\n' }, 3],
    ['cgroup v2 allows more than there are', { [V2]: '6400000 100000\n' }, 8],
    ['cgroup v2 cannot be read', { [V2]: 'nonsense' }, 8],
    ['cgroup v2 is empty', { [V2]: '' }, 8],
    ['the period is zero', { [V2]: '200000 0' }, 8],
    ['cgroup v1 allows three', { [V1_QUOTA]: '300000\n', [V1_PERIOD]: '100000\n' }, 3],
    ['cgroup v1 sets no limit', { [V1_QUOTA]: '-1\n', [V1_PERIOD]: '100000\n' }, 8],
    ['cgroup v1 has no period', { [V1_QUOTA]: '300000\n' }, 8],
    [
      'cgroup v2 sets no limit, and v1 does',
      { [V2]: 'max 100000', [V1_QUOTA]: '200000', [V1_PERIOD]: '100000' },
      2,
    ],
  ])('when %s', async (_what, files, cores) => {
    const host = createDataHost({ coreCount: 8, files });

    const count = await countUsableCores(host);

    expect(count).toBe(cores);
  });

  it('is a whole number from one to what the host has, whatever the quota', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 256 }),
        fc.oneof(
          fc.string(),
          fc.tuple(fc.integer(), fc.integer()).map(([quota, period]) => `${quota} ${period}`),
        ),
        async (coreCount, text) => {
          const host = createDataHost({ coreCount, files: { [V2]: text } });

          const count = await countUsableCores(host);

          expect(Number.isInteger(count)).toBe(true);
          expect(count).toBeGreaterThanOrEqual(1);
          expect(count).toBeLessThanOrEqual(coreCount);
        },
      ),
    );
  });

  it('finds at least one core on this machine', async () => {
    const host = createNodeHost();

    const count = await countUsableCores(host);

    expect(count).toBeGreaterThanOrEqual(1);
    expect(count).toBeLessThanOrEqual(host.coreCount);
  });
});
