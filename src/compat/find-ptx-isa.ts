import { compareCudaVersions, type CudaVersion } from '../units/cuda-version.ts';
import type { PtxIsaVersion } from '../units/ptx-isa-version.ts';
import { toolkitTable } from './toolkit-table.ts';

/** The newest PTX that a driver of this CUDA version compiles. `undefined` for versions before 10.1. */
export function findPtxIsa(cuda: CudaVersion): PtxIsaVersion | undefined {
  return toolkitTable.findLast((row) => compareCudaVersions(row.cuda, cuda) <= 0)?.ptxIsa;
}
