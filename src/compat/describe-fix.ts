import { compareCudaVersions, formatCudaVersion } from '../units/cuda-version.ts';
import { describeBuild } from './describe-build.ts';
import { findCapabilitySupport } from './find-capability-support.ts';
import type { Failure } from './finding.ts';
import type { HostDevice } from './host-device.ts';
import { isTegraGpu } from './is-tegra.ts';
import { toolkitTable } from './toolkit-table.ts';

export interface FixContext {
  readonly host: HostDevice;
  readonly works: (host: HostDevice) => boolean;
  readonly minimumDriver: string | undefined;
  readonly minimumCuda: string | undefined;
}

/** What to do about a failure, in one imperative sentence. */
export function describeFix(failure: Failure, context: FixContext): string {
  const { host } = context;
  switch (failure.cause) {
    case 'libraries-missing':
      return `Install ${(host.missingLibraries ?? []).join(', ')}, or add the folder that holds it to the library path.`;
    case 'driver-is-stub':
      return "Take the toolkit's `stubs` folder off the library path.";
    case 'forward-compat-unsupported':
      return 'Take the folder of the cuda-compat package off the library path.';
    case 'gpu-unknown-to-driver':
      return describeGpuFix(context);
    case 'jit-disabled':
      return `Unset CUDA_DISABLE_PTX_JIT, or use ${describeBuild(host)}.`;
    case 'jit-compiler-missing':
      return `Install libnvidia-ptxjitcompiler.so.1 of this driver (in a container: NVIDIA_DRIVER_CAPABILITIES=compute,utility), or use ${describeBuild(host)}.`;
    case 'compression-unreadable':
      return join(describeUpdate(context), 'recompress with `nvcc --compress-mode=speed`');
    case 'concatenation-unreadable':
      return join(describeUpdate(context), 'build without `nvcc --concat`');
    case 'driver-below-runtime':
    case 'ptx-unreadable':
    case 'ptx-too-new':
    case 'no-image':
      return describeForced(context) ?? join(describeUpdate(context), `use ${describeBuild(host)}`);
    default:
      return failure.cause satisfies never;
  }
}

/** The switch that makes working code fail, where that is all. */
function describeForced({ host, works }: FixContext): string | undefined {
  if (host.environment?.forcePtxJit !== true) return undefined;
  const without = { ...host, environment: { ...host.environment, forcePtxJit: false } };
  return works(without) ? 'Unset CUDA_FORCE_PTX_JIT.' : undefined;
}

/** Too old a driver for the GPU, or one that has dropped it. */
function describeGpuFix(context: FixContext): string {
  const { gpu, driver } = context.host;
  const { first, last } = findCapabilitySupport(gpu.capability);
  if (last !== undefined && compareCudaVersions(driver.cudaVersion, last) > 0) {
    const branch = toolkitTable.find((row) => compareCudaVersions(row.cuda, last) === 0)?.branch;
    return `Use a driver of branch ${branch ?? formatCudaVersion(last)}, the last one for this GPU.`;
  }
  const update = describeUpdate(context);
  if (update !== undefined) return `${update}.`;
  const floor =
    first === undefined ? 'that knows this GPU' : `of CUDA ${formatCudaVersion(first)} or later`;
  return `Update the driver to one ${floor}, and use ${describeBuild(context.host)}.`;
}

/** `undefined` where no driver helps. */
function describeUpdate({ host, minimumDriver, minimumCuda }: FixContext): string | undefined {
  if (minimumDriver !== undefined) {
    const isBranch = !minimumDriver.includes('.');
    return `Update the driver to ${isBranch ? 'branch ' : ''}${minimumDriver} or later`;
  }
  const isTegraHost = isTegraGpu(host.gpu);
  if (minimumCuda === undefined || !isTegraHost) return undefined;
  return `Update JetPack to one with CUDA ${minimumCuda} or later`;
}

function join(first: string | undefined, second: string): string {
  if (first !== undefined) return `${first}, or ${second}.`;
  return `${second.charAt(0).toUpperCase()}${second.slice(1)}.`;
}
