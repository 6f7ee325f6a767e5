import type { DriverFacts } from './facts/driver-facts.ts';
import type { EnvironmentFacts } from './facts/environment-facts.ts';
import type { GpuFacts } from './facts/gpu-facts.ts';
import type { CLibraryFacts, LibraryFacts } from './facts/library-facts.ts';
import type {
  DiskFacts,
  MemoryFacts,
  PlatformFacts,
  ProcessorFacts,
} from './facts/platform-facts.ts';
import type { RuntimeFacts } from './facts/runtime-facts.ts';
import type { PythonFacts, ToolFacts } from './facts/tool-facts.ts';
import type { HostToolkit } from './facts/toolkit-facts.ts';
import type { VisibleDevicesFacts } from './facts/visible-devices-facts.ts';

/**
 * What a probe found on a machine: plain JSON, the same for the same evidence. Text in it comes from files and programs:
 * control characters are stripped, nothing else is promised. What could not be told is `undefined`, never a default.
 */
export interface HostFacts {
  readonly platform: PlatformFacts;
  readonly processor: ProcessorFacts;
  readonly memory: MemoryFacts;
  readonly disk: DiskFacts;
  readonly environment: EnvironmentFacts;
  readonly driver: DriverFacts;
  /** In the order of nvidia-smi. Also GPUs without a driver, which have `source: 'pci'`. */
  readonly gpus: readonly GpuFacts[];
  readonly visibleDevices: VisibleDevicesFacts;
  /** The one on PATH first. */
  readonly toolkits: readonly HostToolkit[];
  /** One entry for each library that CUDA programs need, also those that were not found. */
  readonly libraries: readonly LibraryFacts[];
  readonly cLibrary: CLibraryFacts;
  /** One entry for each tool, also those that are not there. */
  readonly tools: readonly ToolFacts[];
  /** `undefined` when there is no Python on PATH. */
  readonly python: PythonFacts | undefined;
  /** In the order in which llcuda would take them. */
  readonly runtimes: readonly RuntimeFacts[];
}
