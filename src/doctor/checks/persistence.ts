import { findGpu } from '../../compat/find-gpu.ts';
import type { Check } from '../check.ts';

export const persistenceCheck: Check = {
  id: 'persistence',
  title: 'Persistence mode',
  group: 'gpu',
  needs: ['linux', 'driver', 'gpu'],
  run: ({ facts: { gpus, platform } }) => {
    if (gpus.every(({ isPersistent }) => isPersistent === undefined)) {
      return { status: 'skip', summary: 'Nothing tells the mode.' };
    }
    const off = gpus.find(({ isPersistent }) => isPersistent === false);
    if (off === undefined) return { status: 'ok', summary: 'The driver stays loaded.' };
    const isServer = findGpu(off.name ?? '')?.isDataCenter === true;
    // A screen keeps the driver up; in a container the mode is not this user's to set.
    const isForeign = platform.container !== undefined || platform.service !== undefined;
    if (!isServer || off.isDisplayActive === true || isForeign || platform.isWsl) {
      return { status: 'ok', summary: 'Persistence mode is off, which matters little here.' };
    }
    return {
      status: 'warn',
      summary: `GPU ${off.index} is shut down whenever nobody uses it: each start takes seconds more.`,
      fix: 'Switch persistence mode on.',
      commands: ['sudo nvidia-smi -pm 1'],
    };
  },
};
