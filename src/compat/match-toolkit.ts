import { compareCudaVersions, formatCudaVersion, type CudaVersion } from '../units/cuda-version.ts';
import { comparePtxIsaVersions, type PtxIsaVersion } from '../units/ptx-isa-version.ts';
import { toolkitTable } from './toolkit-table.ts';

export interface ToolkitEvidence {
  /** The highest `.version` among the PTX images. */
  readonly highestPtxIsa?: PtxIsaVersion | undefined;
  /** The highest toolkit version that a cubin states. */
  readonly cubinToolkit?: CudaVersion | undefined;
}

export interface ToolkitMatch {
  /** Oldest first. More than one where two toolkits write the same PTX. */
  readonly toolkits: readonly CudaVersion[];
  /** `12.4`, `12.5 or 12.6`. */
  readonly name: string;
}

/**
 * Names the CUDA toolkit that built a binary. 12.5 and 12.6 write the same PTX, so only a cubin tells them
 * apart; where the two disagree (objects of several toolkits linked together) the newer one is named.
 */
export function matchToolkit(evidence: ToolkitEvidence): ToolkitMatch | undefined {
  const { highestPtxIsa: ptxIsa, cubinToolkit } = evidence;
  const fromPtx = toolkitTable
    .filter((row) => ptxIsa !== undefined && comparePtxIsaVersions(row.ptxIsa, ptxIsa) === 0)
    .map((row) => row.cuda);
  const [oldest] = fromPtx;
  const isCubinNewer =
    cubinToolkit !== undefined &&
    (oldest === undefined || compareCudaVersions(cubinToolkit, oldest) >= 0);
  const toolkits = isCubinNewer ? [cubinToolkit] : fromPtx;
  if (toolkits.length === 0) return undefined;
  return { toolkits, name: toolkits.map((toolkit) => formatCudaVersion(toolkit)).join(' or ') };
}
