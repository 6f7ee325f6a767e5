import type { ComputeCapability } from '../units/compute-capability.ts';
import { compareCudaVersions, formatCudaVersion } from '../units/cuda-version.ts';
import { findCudaError } from './cuda-errors.ts';
import { describeFix } from './describe-fix.ts';
import type { Finding } from './finding.ts';
import { gpuTable } from './gpu-table.ts';
import type { HostDevice } from './host-device.ts';
import { isTegraGpu } from './is-tegra.ts';
import { listDriverSteps, type DriverStep } from './list-driver-steps.ts';
import type { Verdict } from './verdict.ts';

/** 262 MB of PTX, the 143 modules of a CUDA 12.4 llama.cpp, took driver 550's compiler 304 s on one x86-64 core. */
const JIT_BYTES_PER_SECOND = 262e6 / 304;

/** Whether the code runs on a host that differs from the one at hand. */
export type WorksOnHost = (host: HostDevice) => boolean;

/** Adds to a finding what follows from trying other drivers and GPUs through the same rules. */
export function completeVerdict(finding: Finding, host: HostDevice, works: WorksOnHost): Verdict {
  const step = findMinimumStep(host, works);
  const isTegraHost = isTegraGpu(host.gpu);
  const minimum = {
    minimumDriver: isTegraHost ? undefined : step?.name,
    minimumCuda: step && formatCudaVersion(step.cudaVersion),
  };
  const cudaError = finding.outcome === 'fail' ? finding.cudaError : undefined;
  return {
    outcome: finding.outcome,
    cudaError: cudaError ?? null,
    cudaErrorName: findCudaError(cudaError ?? 0)?.runtimeName ?? null,
    cause: finding.outcome === 'fail' ? finding.cause : undefined,
    reason: finding.reason,
    ...minimum,
    worksOn: findWorkingCapabilities(host, works),
    fix: finding.outcome === 'fail' ? describeFix(finding, { host, works, ...minimum }) : undefined,
    jit:
      finding.outcome === 'jit'
        ? { ptxBytes: finding.ptxBytes, estimatedSeconds: finding.ptxBytes / JIT_BYTES_PER_SECOND }
        : undefined,
  };
}

function findMinimumStep(host: HostDevice, works: WorksOnHost): DriverStep | undefined {
  return listDriverSteps(host.os).find((step) => works(withDriver(host, step)));
}

function withDriver(host: HostDevice, { name, cudaVersion }: DriverStep): HostDevice {
  const isSame = compareCudaVersions(cudaVersion, host.driver.cudaVersion) === 0;
  const isKnownToDriver = isSame ? host.gpu.isKnownToDriver : undefined;
  return {
    ...host,
    gpu: { ...host.gpu, isKnownToDriver },
    driver: { version: name, cudaVersion },
  };
}

function findWorkingCapabilities(
  host: HostDevice,
  works: WorksOnHost,
): readonly ComputeCapability[] {
  const isTegraHost = isTegraGpu(host.gpu);
  const capabilities = gpuTable
    .filter((row) => row.isTegra === isTegraHost)
    .map((row) => row.capability);
  return [...new Set(capabilities)].filter((capability) =>
    works({ ...host, gpu: otherGpu(host, capability) }),
  );
}

function otherGpu({ gpu }: HostDevice, capability: ComputeCapability): HostDevice['gpu'] {
  if (capability === gpu.capability) return gpu;
  return { capability, isTegra: gpu.isTegra, isDataCenter: gpu.isDataCenter };
}
