import type { GpuFacts } from '../probe/facts/gpu-facts.ts';
import type { HostFacts } from '../probe/host-facts.ts';

/** The GPUs that CUDA_VISIBLE_DEVICES leaves; all where it leaves none, since what would run is the question then. */
export function listVisibleGpus({
  gpus,
  visibleDevices,
}: Pick<HostFacts, 'gpus' | 'visibleDevices'>): readonly GpuFacts[] {
  if (visibleDevices.effect !== 'some') return gpus;
  return gpus.filter(({ index }) => visibleDevices.gpuIndexes.includes(index));
}
