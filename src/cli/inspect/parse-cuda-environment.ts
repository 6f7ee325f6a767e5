import type { HostDevice } from '../../compat/host-device.ts';
import { LlcudaError } from '../../errors/llcuda-error.ts';

export type CudaEnvironment = NonNullable<HostDevice['environment']>;

/** Reads `CUDA_FORCE_PTX_JIT=1` and `CUDA_DISABLE_PTX_JIT=1`. Throws `USAGE_INVALID` for anything else. */
export function parseCudaEnvironment(assignments: readonly string[]): CudaEnvironment | undefined {
  if (assignments.length === 0) return undefined;
  return Object.assign({}, ...assignments.map((text) => parseAssignment(text)));
}

function parseAssignment(text: string): CudaEnvironment {
  switch (text.trim()) {
    case 'CUDA_FORCE_PTX_JIT=1':
      return { forcePtxJit: true };
    case 'CUDA_FORCE_PTX_JIT=0':
      return { forcePtxJit: false };
    case 'CUDA_DISABLE_PTX_JIT=1':
      return { disablePtxJit: true };
    case 'CUDA_DISABLE_PTX_JIT=0':
      return { disablePtxJit: false };
    default:
      throw new LlcudaError('USAGE_INVALID', `--cuda-env does not take ${text}`, {
        detail: { argument: '--cuda-env' },
        hint: 'The verdict depends on CUDA_FORCE_PTX_JIT=1 and CUDA_DISABLE_PTX_JIT=1 only.',
      });
  }
}
