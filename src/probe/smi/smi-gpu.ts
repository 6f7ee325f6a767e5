import type { GpuFacts } from '../facts/gpu-facts.ts';

/** One GPU as nvidia-smi tells it. What it does not tell is left out. */
export type SmiGpu = Partial<
  Omit<GpuFacts, 'index' | 'cudaIndex' | 'source' | 'confidence' | 'capabilitySource' | 'isTegra'>
>;

export interface SmiReport {
  readonly driverVersion: string | undefined;
  /** As it prints it: `12.4`. */
  readonly cudaVersion: string | undefined;
  readonly gpus: readonly SmiGpu[];
}

/** No machine has more; output that claims it is garbage. */
export const GPU_LIMIT = 128;
