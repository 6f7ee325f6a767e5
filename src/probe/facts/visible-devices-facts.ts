/** What CUDA_VISIBLE_DEVICES does here. llcuda never changes it. */
export interface VisibleDevicesFacts {
  /** As it is set; `undefined` when it is not. */
  readonly value: string | undefined;
  /** `unset` and `all` hide nothing, `some` hides a part, `none` leaves CUDA without a GPU (error 100). */
  readonly effect: 'unset' | 'all' | 'some' | 'none';
  readonly entries: readonly VisibleDeviceEntry[];
  /** `GpuFacts.index` of what CUDA sees, in the order of its numbers. */
  readonly gpuIndexes: readonly number[];
  /** One or two sentences for people: what the value does and, if it stops early, at which entry. */
  readonly explanation: string;
  /** `likely` where the numbers may be CUDA's and not those of nvidia-smi: different GPUs, CUDA_DEVICE_ORDER unset. */
  readonly confidence: 'certain' | 'likely';
}

export interface VisibleDeviceEntry {
  readonly text: string;
  /**
   * `used`: names a GPU. `invalid`: names none, and CUDA stops reading here. `duplicate`: named before, which makes CUDA
   * refuse the list. `ignored`: after an entry at which CUDA stopped.
   */
  readonly status: 'used' | 'invalid' | 'duplicate' | 'ignored';
  /** `GpuFacts.index`, for `used`. */
  readonly gpuIndex: number | undefined;
  /** For an entry that names a MIG instance: its index in `GpuFacts.mig.instances`, if it is known. */
  readonly migIndex: number | undefined;
}
