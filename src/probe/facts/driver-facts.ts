import type { CudaVersion } from '../../units/cuda-version.ts';
import type { Sourced } from './sourced.ts';

/** The NVIDIA driver: the part in the kernel, the libraries of its user space, and what each of them said. */
export interface DriverFacts extends Sourced {
  /** As nvidia-smi prints it after "Driver Version": `550.54.15`. That of the kernel where the two differ. */
  readonly version: string | undefined;
  /** Of the kernel module: /proc/driver/nvidia/version, /sys/module/nvidia/version. */
  readonly kernelVersion: string | undefined;
  /** Of the user-space libraries: the file that libcuda.so.1 resolves to, not counting cuda-compat copies and stubs. */
  readonly userVersion: string | undefined;
  /** User space and kernel are of different drivers: CUDA gives error 803. Reloading the module or a reboot mends it. */
  readonly isMismatched: boolean;
  readonly kernelModule: KernelModule;
  /** `open` and `proprietary` are the two flavours of NVIDIA's module. */
  readonly kernelModuleFlavour: 'open' | 'proprietary' | undefined;
  /** CUDA version of the driver itself, by the table of driver branches, or as Jetson's driver says. */
  readonly cudaVersion: CudaVersion | undefined;
  /**
   * CUDA version that programs see: cuDriverGetVersion of the libcuda that is loaded, or nvidia-smi's "CUDA Version". A
   * cuda-compat package raises it over `cudaVersion`.
   */
  readonly effectiveCudaVersion: CudaVersion | undefined;
  readonly native: NativeFacts;
  readonly smi: SmiFacts;
  /** /dev/nvidia*, on Linux. */
  readonly deviceNodes: readonly DeviceNode[];
}

/** `nvidia` also on Windows and in WSL2, where the driver is the host's; `tegra`: Jetson's nvgpu. */
export type KernelModule = 'nvidia' | 'nouveau' | 'tegra' | 'none';

/** What came of loading libcuda and NVML in a process of its own. */
export interface NativeFacts {
  /**
   * `answered`: both were tried; see below. `unavailable`: koffi is not installed or does not load here. `skipped`: not
   * asked for. `crashed`: the process died of a signal, as when cuInit crashes. `timed-out`: it was killed at its limit.
   * `failed`: it ended without an answer.
   */
  readonly outcome: 'answered' | 'unavailable' | 'skipped' | 'crashed' | 'timed-out' | 'failed';
  /** One line: the reason of any other outcome than `answered`. */
  readonly message: string | undefined;
  /** The last thing that the process said it was about to do: `cuInit`. Tells where it crashed or hung. */
  readonly lastStep: string | undefined;
  /** Name of the signal of `crashed`: `SIGSEGV`. */
  readonly signal: string | undefined;
  readonly libcuda: LibcudaFacts | undefined;
  readonly nvml: NvmlFacts | undefined;
}

export interface LibcudaFacts {
  readonly isLoaded: boolean;
  /** The file that the loader took; `undefined` where it cannot be told. */
  readonly path: string | undefined;
  /** Of the loader, when it is not loaded. */
  readonly loadError: string | undefined;
  /** CUresult of cuInit: 0 is success, 100 no device, 803 and 804 wrong combinations, 999 unknown. */
  readonly initResult: number | undefined;
  /** Its name, as `CUDA_ERROR_NO_DEVICE`. */
  readonly initErrorName: string | undefined;
  /** Of cuDriverGetVersion. */
  readonly cudaVersion: CudaVersion | undefined;
  /** Devices that CUDA counts in this environment. */
  readonly deviceCount: number | undefined;
}

export interface NvmlFacts {
  readonly isLoaded: boolean;
  readonly path: string | undefined;
  readonly loadError: string | undefined;
  /** nvmlReturn_t of nvmlInit_v2: 0 is success, 9 driver not loaded, 18 library and driver versions differ. */
  readonly initResult: number | undefined;
  readonly initError: string | undefined;
  readonly driverVersion: string | undefined;
  readonly deviceCount: number | undefined;
}

export interface SmiFacts {
  /**
   * `answered`: GPUs were read. `no-devices`: it says that there are none. `failed`: it ran and gave an error.
   * `mismatch`: it says that library and kernel driver differ. `unreadable`: its output is not what it prints.
   * `timed-out`, `not-found`, `skipped` (the libraries told already).
   */
  readonly outcome:
    | 'answered'
    | 'no-devices'
    | 'failed'
    | 'mismatch'
    | 'unreadable'
    | 'timed-out'
    | 'not-found'
    | 'skipped';
  /** What was run, as found: `nvidia-smi`, `/usr/lib/wsl/lib/nvidia-smi`. */
  readonly command: string | undefined;
  /** First line of what it said instead of an answer. */
  readonly message: string | undefined;
  readonly driverVersion: string | undefined;
  /** Of its banner or XML: that of the libcuda that it loaded. */
  readonly cudaVersion: CudaVersion | undefined;
}

export interface DeviceNode {
  /** `/dev/nvidia0`. */
  readonly path: string;
  /** Whether this user may read and write it. */
  readonly isAccessible: boolean;
}
