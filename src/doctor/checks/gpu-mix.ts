import type { Check } from '../check.ts';
import { describeGpuList } from '../describe-gpus.ts';
import { listVisibleGpus } from '../list-visible-gpus.ts';

export const gpuMixCheck: Check = {
  id: 'gpu-mix',
  title: 'Different GPUs',
  group: 'gpu',
  needs: ['gpu'],
  run: ({ facts }) => {
    const gpus = listVisibleGpus(facts);
    const capabilities = new Set(gpus.map(({ capability }) => capability));
    const names = new Set(gpus.map(({ name }) => name));
    if (names.size <= 1)
      return { status: 'ok', summary: 'All GPUs that CUDA sees are of one kind.' };
    const targets = [...capabilities].filter((value) => value !== undefined).sort((a, b) => a - b);
    const detail = [
      `A build for all of them has -DCMAKE_CUDA_ARCHITECTURES="${targets.join(';')}".`,
    ];
    const summary = `${describeGpuList(gpus)}: llama.cpp splits a model over all of them.`;
    if (facts.environment.variables['CUDA_DEVICE_ORDER'] === 'PCI_BUS_ID') {
      return { status: 'ok', summary, detail };
    }
    return {
      status: 'warn',
      summary: `${summary} CUDA numbers the fastest first, nvidia-smi by place on the bus.`,
      detail,
      fix: 'Make CUDA number them as nvidia-smi does.',
      commands: ['export CUDA_DEVICE_ORDER=PCI_BUS_ID'],
    };
  },
};
