import { formatBytes } from '../../units/format-bytes.ts';
import type { MigInstance } from '../../probe/facts/gpu-facts.ts';
import type { Check } from '../check.ts';
import { quote } from '../describe-llama-build.ts';

export const migCheck: Check = {
  id: 'mig',
  title: 'MIG',
  group: 'gpu',
  needs: ['driver', 'gpu'],
  stopsGpu: true,
  run: ({ facts: { gpus, visibleDevices } }) => {
    const split = gpus.filter(({ mig }) => mig.mode === 'enabled');
    const [first] = split;
    if (first === undefined) return { status: 'ok', summary: 'No GPU is split.' };
    const empty = split.find(({ mig }) => mig.instances.length === 0);
    if (empty !== undefined) {
      return {
        // A process in a container may be shown nothing of the instances that it has.
        status: empty.cudaIndex === undefined ? 'fail' : 'warn',
        summary: `MIG is on for GPU ${empty.index}, and it has no instance that is visible here.`,
        fix: 'Make an instance, or switch MIG off.',
        commands: [
          `sudo nvidia-smi mig -i ${empty.index} -lgip`,
          `sudo nvidia-smi -i ${empty.index} -mig 0`,
        ],
      };
    }
    const instances = split.flatMap(({ mig }) => mig.instances);
    const detail = instances.map((instance) => describe(instance));
    const summary = `${instances.length} MIG instance(s): a process uses one of them.`;
    if (instances.length === 1 || visibleDevices.effect !== 'unset') {
      return { status: 'ok', summary, detail };
    }
    const uuid = instances[0]?.uuid;
    return {
      status: 'warn',
      summary: `${summary} Without a choice it is the first.`,
      detail,
      fix: 'Choose an instance by its UUID.',
      commands: [
        uuid === undefined ? 'nvidia-smi -L' : `export CUDA_VISIBLE_DEVICES=${quote(uuid)}`,
      ],
    };
  },
};

function describe({ profile, uuid, memoryTotalBytes }: MigInstance): string {
  const size = memoryTotalBytes === undefined ? '' : `, ${formatBytes(memoryTotalBytes)}`;
  return `${profile ?? 'An instance'}${size}: ${uuid ?? 'UUID not told'}.`;
}
