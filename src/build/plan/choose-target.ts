import type { CompatTarget } from '../../compat/compat-image.ts';
import type { HostGpu } from '../../compat/host-device.ts';
import { isSassUsable } from '../../compat/is-sass-usable.ts';
import { toolkitTable } from '../../compat/toolkit-table.ts';
import { formatCudaVersion, type CudaVersion } from '../../units/cuda-version.ts';
import { listEmittableTargets } from './list-emittable-targets.ts';

/** The machine code for a GPU that a toolkit can make: its own, else the nearest one that runs on it. */
export function chooseTarget(gpu: HostGpu, toolkit: CudaVersion): CompatTarget | undefined {
  return listEmittableTargets(toolkit)
    .filter((target) => isSassUsable(target, gpu))
    .sort((left, right) => right.capability - left.capability)[0];
}

/** The toolkits that can make machine code for all of these GPUs, as `12.8 to 12.9`. `undefined`: none. */
export function describeToolkitsFor(gpus: readonly HostGpu[]): string | undefined {
  const able = toolkitTable
    .filter(({ hasToolkit, cuda }) => hasToolkit && gpus.every((gpu) => chooseTarget(gpu, cuda)))
    .map(({ cuda }) => formatCudaVersion(cuda));
  const [first, last] = [able[0], able.at(-1)];
  if (first === undefined || last === undefined) return undefined;
  return first === last ? first : `${first} to ${last}`;
}
