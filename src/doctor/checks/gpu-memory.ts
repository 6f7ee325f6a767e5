import { formatBytes } from '../../units/format-bytes.ts';
import type { GpuFacts, GpuProcess } from '../../probe/facts/gpu-facts.ts';
import type { Check } from '../check.ts';
import { describeGpuFacts } from '../describe-gpus.ts';
import { listVisibleGpus } from '../list-visible-gpus.ts';

/** Less takes no model with its context. */
const MINIMUM_FREE_BYTES = 1.5e9;

export const gpuMemoryCheck: Check = {
  id: 'gpu-memory',
  title: 'Free memory of the GPU',
  group: 'gpu',
  needs: ['driver', 'gpu'],
  run: ({ facts }) => {
    const gpus = listVisibleGpus(facts);
    const known = gpus.filter(({ memoryFreeBytes }) => memoryFreeBytes !== undefined);
    if (known.length === 0) return { status: 'skip', summary: 'Nothing tells the free memory.' };
    const lines = known.map((gpu) => describe(gpu));
    const taken = known.filter((gpu) => isTaken(gpu));
    if (taken.length === 0) {
      const [first = '', ...others] = lines;
      return { status: 'ok', summary: first, detail: others };
    }
    const holders = taken.flatMap(({ processes }) => processes);
    return {
      status: 'warn',
      summary: taken.map((gpu) => describe(gpu)).join(' '),
      detail: holders.map((holder) => `Process ${describeProcess(holder)}.`),
      fix:
        holders.length > 0
          ? 'Stop what holds the memory, or take another GPU with CUDA_VISIBLE_DEVICES.'
          : 'Find out what holds the memory, or take a smaller model.',
      commands:
        holders.length > 0
          ? [`ps -o pid,etime,args -p ${holders.map(({ pid }) => pid).join(',')}`]
          : ['nvidia-smi'],
    };
  },
};

function isTaken({ memoryFreeBytes = 0, memoryTotalBytes, processes }: GpuFacts): boolean {
  const isSmall = memoryFreeBytes < MINIMUM_FREE_BYTES;
  const isHalfGone = memoryTotalBytes !== undefined && memoryFreeBytes < memoryTotalBytes / 2;
  return isSmall || (isHalfGone && processes.length > 0);
}

function describe(gpu: GpuFacts): string {
  const { memoryFreeBytes = 0, memoryTotalBytes } = gpu;
  const total = memoryTotalBytes === undefined ? '' : ` of ${formatBytes(memoryTotalBytes)}`;
  return `${describeGpuFacts(gpu)}: ${formatBytes(memoryFreeBytes)}${total} free.`;
}

function describeProcess({ pid, name, memoryBytes }: GpuProcess): string {
  const size = memoryBytes === undefined ? '' : ` holds ${formatBytes(memoryBytes)}`;
  return `${pid}${name === undefined ? '' : ` (${name})`}${size}`;
}
