/**
 * What the process that loads libcuda and NVML says. It prints one a line, each more complete than the one before, so
 * that what it knew before a crash is not lost.
 */
export interface NativeAnswer {
  readonly schemaVersion: 1;
  /** What the process is about to do, or `done`. */
  readonly step: string;
  /** Why koffi cannot be used. */
  readonly unavailable?: string | undefined;
  readonly nvml?: NvmlAnswer | undefined;
  readonly libcuda?: LibcudaAnswer | undefined;
}

interface LibraryAnswer {
  readonly isLoaded: boolean;
  readonly path?: string | undefined;
  readonly loadError?: string | undefined;
  readonly initResult?: number | undefined;
  readonly initError?: string | undefined;
  readonly deviceCount?: number | undefined;
  /** 12040 is CUDA 12.4. */
  readonly cudaVersion?: number | undefined;
}

export interface NvmlAnswer extends LibraryAnswer {
  readonly driverVersion?: string | undefined;
  readonly devices: readonly NvmlDevice[];
}

export interface LibcudaAnswer extends LibraryAnswer {
  readonly devices: readonly CudaDevice[];
}

export type NativeMode = 'enabled' | 'disabled' | 'unsupported' | undefined;

export interface NvmlDevice {
  readonly name?: string | undefined;
  readonly uuid?: string | undefined;
  readonly pciAddress?: string | undefined;
  readonly pciId?: string | undefined;
  /** 75 is 7.5. */
  readonly capability?: number | undefined;
  readonly memoryTotalBytes?: number | undefined;
  readonly memoryFreeBytes?: number | undefined;
  readonly migMode?: NativeMode;
  readonly migInstances: readonly NativeMigInstance[];
  readonly eccMode?: NativeMode;
  readonly uncorrectedErrors?: number | undefined;
  readonly isPersistent?: boolean | undefined;
  /** nvmlComputeMode_t: 0 default, 2 prohibited, 1 and 3 exclusive. */
  readonly computeMode?: number | undefined;
  readonly powerMilliwatts?: number | undefined;
  readonly powerLimitMilliwatts?: number | undefined;
  readonly maximumPowerLimitMilliwatts?: number | undefined;
  readonly smMhz?: number | undefined;
  readonly smMaximumMhz?: number | undefined;
  readonly memoryMhz?: number | undefined;
  readonly temperatureCelsius?: number | undefined;
  readonly utilizationPercent?: number | undefined;
  readonly isDisplayActive?: boolean | undefined;
  readonly processes: readonly NativeProcess[];
}

export interface NativeMigInstance {
  readonly name?: string | undefined;
  readonly uuid?: string | undefined;
  readonly memoryTotalBytes?: number | undefined;
  readonly memoryFreeBytes?: number | undefined;
}

export interface NativeProcess {
  readonly pid: number;
  readonly name?: string | undefined;
  readonly memoryBytes?: number | undefined;
}

export interface CudaDevice {
  readonly name?: string | undefined;
  /** Without `GPU-` or `MIG-`. */
  readonly uuid?: string | undefined;
  readonly pciAddress?: string | undefined;
  readonly capability?: number | undefined;
  readonly memoryTotalBytes?: number | undefined;
  readonly isIntegrated?: boolean | undefined;
}
