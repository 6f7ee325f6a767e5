import type { CudaVersion } from '../../units/cuda-version.ts';
import type { Sourced } from './sourced.ts';

/** One CUDA toolkit, or a part of one. */
export interface HostToolkit extends Sourced {
  /** Its folder, behind symbolic links: `/usr/local/cuda-12.5`. Debian's is `/usr/lib/nvidia-cuda-toolkit`. */
  readonly root: string;
  readonly kind: 'nvidia' | 'debian' | 'python-wheel';
  /** Everything that led to it, first the strongest. */
  readonly foundBy: readonly ToolkitClue[];
  readonly version: CudaVersion | undefined;
  /** With its last part, where it is told: `12.5.82` is nvcc's, `12.5.1` of version.json the toolkit's. */
  readonly fullVersion: string | undefined;
  /** Path of its compiler; `undefined` for one without (a runtime image). */
  readonly nvcc: string | undefined;
  /** Whether `nvcc` on PATH is this one's. */
  readonly isOnPath: boolean;
}

export type ToolkitClue = 'nvcc-on-path' | 'CUDA_HOME' | 'CUDA_PATH' | 'known-folder' | 'python';
