import type { Check } from '../check.ts';
import { describeGpuList } from '../describe-gpus.ts';
import { listVisibleGpus } from '../list-visible-gpus.ts';

export const gpuAgeCheck: Check = {
  id: 'gpu-age',
  title: 'GPU and current drivers and toolkits',
  group: 'gpu',
  needs: ['gpu'],
  run: ({ facts }) => {
    const known = listVisibleGpus(facts).filter(({ capability }) => capability !== undefined);
    if (known.length === 0) {
      return { status: 'skip', summary: 'Nothing tells the compute capability.' };
    }
    const kepler = known.filter(({ capability = 0 }) => capability < 50);
    if (kepler.length > 0) {
      return {
        status: 'fail',
        summary: `${describeGpuList(kepler)}: branch 470 (CUDA 11.4) was the last driver, and llama.cpp has no code for it.`,
        fix: 'Run on the processor on purpose.',
        commands: ['llcuda run "What is AI?" --gpu off'],
      };
    }
    // Jetson's drivers are numbered otherwise, and come with JetPack.
    const old = known.filter(({ capability = 0, isTegra }) => capability < 75 && !isTegra);
    if (old.length > 0) {
      return {
        status: 'warn',
        summary: `${describeGpuList(old)}: branch 580 is the last driver, and toolkits from 13.0 on have no code for it.`,
        fix: 'Keep to drivers up to branch 580, and to builds made with CUDA toolkit 12.9 or older.',
      };
    }
    return { status: 'ok', summary: 'Current drivers and toolkits support it.' };
  },
};
