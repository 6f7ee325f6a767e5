import { createMatrix, matrixGpus, type Matrix } from '../../compat/create-matrix.ts';
import { parseTarget } from '../../compat/parse-target.ts';
import { formatComputeCapability } from '../../units/compute-capability.ts';
import type { CudaPlan } from './build-plan.ts';
import { createPlannedCode } from './create-planned-code.ts';

/** What the plan's images will do on its GPUs, and on the usual others, with many drivers: by the rules for real files. */
export function createExpectedMatrix(cuda: CudaPlan): Matrix {
  const planned = new Set(cuda.gpus.map(({ capability }) => capability));
  const others = matrixGpus.filter((name) => !planned.has(findCapability(name)));
  return createMatrix(createPlannedCode(cuda), {
    gpus: [...cuda.gpus.map(({ name, capability }) => nameForMatrix(name, capability)), ...others],
  });
}

function nameForMatrix(name: string, capability: string): string {
  return findCapability(name) === capability ? name : capability;
}

function findCapability(name: string): string {
  try {
    const { gpu } = parseTarget(`gpu=${name}`);
    return gpu === undefined ? '' : formatComputeCapability(gpu.capability);
  } catch {
    // A GPU of this machine that the table does not name.
    return '';
  }
}
