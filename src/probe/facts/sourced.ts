/** Where a fact is from, the most direct first. */
export type FactSource =
  | 'libcuda'
  | 'nvml'
  | 'nvidia-smi'
  /** Files of the kernel: /proc, /sys, device-tree. */
  | 'kernel'
  /** `/sys/bus/pci` or lspci: the hardware is there, whatever its driver. */
  | 'pci'
  /** A program other than nvidia-smi that was asked for its version. */
  | 'program'
  /** A file, its name or the folder that it is in. */
  | 'file'
  | 'environment'
  /** A table of llcuda: a capability from a GPU's name, a CUDA version from a driver's branch. */
  | 'table'
  /** Nothing told. */
  | 'none';

/** `certain`: asked of what decides it. `likely`: of what usually agrees with it. `guess`: concluded from a name. */
export type Confidence = 'certain' | 'likely' | 'guess';

/** How a group of facts came about. */
export interface Sourced {
  readonly source: FactSource;
  readonly confidence: Confidence;
}
