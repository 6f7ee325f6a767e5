import type { ComputeCapability } from '../units/compute-capability.ts';
import type { CudaVersion } from '../units/cuda-version.ts';

export type OperatingSystem = 'linux' | 'windows';

export interface HostGpu {
  readonly capability: ComputeCapability;
  readonly name?: string | undefined;
  /** A Jetson or another Tegra chip. @defaultValue whether the capability is one of Tegra's */
  readonly isTegra?: boolean | undefined;
  /** Whether cuda-compat supports it. @defaultValue what the table of GPUs says of the name, else false */
  readonly isDataCenter?: boolean | undefined;
  /** The driver itself listed this GPU: the table of first and last drivers is not asked. @defaultValue false */
  readonly isKnownToDriver?: boolean | undefined;
}

export interface HostDriver {
  /** As nvidia-smi prints it after "Driver Version": `550.54.15`. A bare branch (`550`) is any driver of it. */
  readonly version?: string | undefined;
  /** Of the driver itself, not of a cuda-compat package. */
  readonly cudaVersion: CudaVersion;
}

/** One GPU of a host as the rules see it: with its driver, system and environment. Plain data, whatever it comes from. */
export interface HostDevice {
  readonly gpu: HostGpu;
  readonly driver: HostDriver;
  readonly os: OperatingSystem;
  readonly environment?:
    | {
        /** `CUDA_FORCE_PTX_JIT=1`. */
        readonly forcePtxJit?: boolean | undefined;
        /** `CUDA_DISABLE_PTX_JIT=1`. */
        readonly disablePtxJit?: boolean | undefined;
      }
    | undefined;
  /** Whether `libnvidia-ptxjitcompiler.so.1` can be loaded. @defaultValue true */
  readonly hasPtxCompiler?: boolean | undefined;
  /** Libraries that the file needs and that the host does not have. */
  readonly missingLibraries?: readonly string[] | undefined;
  /** The libcuda that comes first on the library path is of a cuda-compat package. Linux only. */
  readonly forwardCompat?: { readonly cudaVersion: CudaVersion } | undefined;
  /** The libcuda that comes first on the library path is the stub of a toolkit. @defaultValue false */
  readonly isStubDriver?: boolean | undefined;
}
