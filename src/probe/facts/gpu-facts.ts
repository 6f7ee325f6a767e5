import type { ComputeCapability } from '../../units/compute-capability.ts';
import type { Sourced } from './sourced.ts';

/** One NVIDIA GPU. A field that nothing told is `undefined`. */
export interface GpuFacts extends Sourced {
  /** Position in `HostFacts.gpus`: the order of nvidia-smi and NVML, which is that of the PCI addresses. */
  readonly index: number;
  /**
   * The number that CUDA gives it in this environment (CUDA_VISIBLE_DEVICES, CUDA_DEVICE_ORDER). `undefined`: hidden
   * from CUDA, or nothing told.
   */
  readonly cudaIndex: number | undefined;
  /** As the driver names it: `Tesla T4`. */
  readonly name: string | undefined;
  readonly capability: ComputeCapability | undefined;
  /** What told the capability: `table` is the name of the GPU looked up. */
  readonly capabilitySource: Sourced['source'];
  /** `GPU-8932f937-...`. Replaced by a stable mark in snapshots. */
  readonly uuid: string | undefined;
  /** Domain, bus, device, function, lower case: `0000:01:00.0`. `undefined` for GPUs that are not on PCI (Jetson). */
  readonly pciAddress: string | undefined;
  /** Vendor and device as sysfs has them: `10de:2330`. */
  readonly pciId: string | undefined;
  /** A Jetson or another Tegra chip. */
  readonly isTegra: boolean;
  /** Whether it shares the memory of the processor (Jetson, DGX Spark). */
  readonly isIntegrated: boolean | undefined;
  readonly memoryTotalBytes: number | undefined;
  readonly memoryFreeBytes: number | undefined;
  readonly mig: MigFacts;
  readonly ecc: EccFacts;
  readonly isPersistent: boolean | undefined;
  /** `default` lets any number of processes in; `prohibited` none: CUDA then fails with error 100 or 46. */
  readonly computeMode: 'default' | 'exclusive-process' | 'prohibited' | undefined;
  readonly power: PowerFacts;
  readonly clocks: ClockFacts;
  readonly temperatureCelsius: number | undefined;
  readonly utilizationPercent: number | undefined;
  /** Whether a screen hangs on it. */
  readonly isDisplayActive: boolean | undefined;
  /** What else holds its memory. Empty also where the driver does not tell, as in most containers. */
  readonly processes: readonly GpuProcess[];
}

export interface MigFacts {
  readonly mode: 'enabled' | 'disabled' | 'unsupported' | undefined;
  /** With MIG on, CUDA sees these in place of the GPU, one per process. None: CUDA sees nothing. */
  readonly instances: readonly MigInstance[];
}

export interface MigInstance {
  /** `1g.10gb`. */
  readonly profile: string | undefined;
  /** `MIG-...`: what CUDA_VISIBLE_DEVICES takes. */
  readonly uuid: string | undefined;
  readonly memoryTotalBytes: number | undefined;
  readonly memoryFreeBytes: number | undefined;
}

export interface EccFacts {
  readonly mode: 'enabled' | 'disabled' | 'unsupported' | undefined;
  /** Uncorrected errors since the driver was loaded. */
  readonly uncorrectedErrors: number | undefined;
}

export interface PowerFacts {
  readonly usageWatts: number | undefined;
  readonly limitWatts: number | undefined;
  readonly maximumLimitWatts: number | undefined;
}

export interface ClockFacts {
  readonly smMhz: number | undefined;
  readonly smMaximumMhz: number | undefined;
  readonly memoryMhz: number | undefined;
}

export interface GpuProcess {
  readonly pid: number;
  /** File name of the program, without its folder. */
  readonly name: string | undefined;
  /** `undefined` where the driver does not tell (Windows, some containers). */
  readonly memoryBytes: number | undefined;
}
