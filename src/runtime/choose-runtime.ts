import { LlcudaError } from '../errors/llcuda-error.ts';
import type { NvidiaGpus } from '../probe/find-nvidia-gpus.ts';

/** `auto`: the GPU where there is one. `required`: the GPU or an error. `off`: the processor. */
export type GpuMode = 'auto' | 'required' | 'off';

/** What will run the model. So far the embedded runtime is the only kind. */
export interface ChosenRuntime {
  readonly kind: 'embedded';
  /** Whether it may use the GPU that it was built for, which is Apple's Metal alone. */
  readonly gpu: 'auto' | 'off';
}

export interface RuntimeChoice {
  readonly mode: GpuMode;
  readonly gpus: NvidiaGpus;
  /** Whether the embedded runtime of this host computes on a GPU of its own: Metal on Apple silicon. */
  readonly hasMetal: boolean;
  /** Names of the server runtimes in the store, the active one first. They are reported; models do not run on them yet. */
  readonly servers?: readonly string[] | undefined;
}

/**
 * Decides what runs a model on a host with these GPUs. Never falls back from a GPU to the processor:
 * throws `GPU_RUNTIME_MISSING` when there is a GPU that nothing installed can use, and `GPU_NOT_FOUND`
 * when one is required and none is visible. A GPU hidden by CUDA_VISIBLE_DEVICES is not to be used.
 */
export function chooseRuntime({
  mode,
  gpus,
  hasMetal,
  servers = [],
}: RuntimeChoice): ChosenRuntime {
  if (mode === 'off') return { kind: 'embedded', gpu: 'off' };
  if (hasMetal) return { kind: 'embedded', gpu: 'auto' };
  const isVisible = gpus.names.length > 0 && !gpus.isHidden;
  if (isVisible) {
    throw new LlcudaError('GPU_RUNTIME_MISSING', describeMissing(gpus.names, servers), {
      detail: { gpus: gpus.names, ...(servers.length > 0 && { servers }) },
      hint: "Add `--gpu off` (library: `gpu: 'off'`) to run on the processor on purpose.",
    });
  }
  if (mode === 'required') {
    throw new LlcudaError(
      'GPU_NOT_FOUND',
      gpus.isHidden
        ? 'A GPU is required, and CUDA_VISIBLE_DEVICES hides every NVIDIA GPU of this machine'
        : 'A GPU is required, and this machine has no NVIDIA GPU',
      {
        detail: { hidden: gpus.isHidden },
        hint: gpus.isHidden
          ? 'Unset CUDA_VISIBLE_DEVICES, or use `--gpu auto`.'
          : 'Use `--gpu auto` or `--gpu off` to run on the processor.',
      },
    );
  }
  return { kind: 'embedded', gpu: 'off' };
}

function describeMissing(gpus: readonly string[], servers: readonly string[]): string {
  const [active] = servers;
  const machine = `This machine has ${countGpus(gpus)}`;
  if (active === undefined) return `${machine}, and no installed runtime can use it`;
  return `${machine}, and llcuda does not run models on server runtimes yet (installed: ${active})`;
}

function countGpus(names: readonly string[]): string {
  const [first = 'an NVIDIA GPU'] = names;
  return names.length > 1 ? `${names.length} NVIDIA GPUs (${first}, ...)` : first;
}
