import { parseTarget, resolveTarget } from '../../compat/parse-target.ts';
import type { Host } from '../../host/host.ts';
import { findHostDevices } from '../../probe/find-host-devices.ts';
import { formatComputeCapability } from '../../units/compute-capability.ts';
import { formatCudaVersion } from '../../units/cuda-version.ts';
import type { InspectTarget, TargetReport } from './inspect-target.ts';
import type { CudaEnvironment } from './parse-cuda-environment.ts';

export interface ResolveTargetsOptions {
  readonly host: Host;
  readonly environment: CudaEnvironment | undefined;
  readonly signal: AbortSignal;
}

/** Turns the values of `--for` into hosts; looks at this machine only where one says `host`. Throws `TARGET_INVALID`. */
export async function resolveInspectTargets(
  texts: readonly string[],
  { host, environment, signal }: ResolveTargetsOptions,
): Promise<readonly InspectTarget[]> {
  const targets: InspectTarget[] = [];
  for (const text of texts) {
    const target = parseTarget(text);
    const machines = target.isHost ? await findHostDevices(host, { signal }) : [];
    // With the GPU named, what stays of the machine is its driver: one for all its GPUs.
    const bases = target.gpu === undefined ? machines : machines.slice(0, 1);
    for (const base of bases.length > 0 ? bases : [undefined]) {
      const facts = resolveTarget(target, text, base);
      targets.push({
        text,
        facts: { ...facts, environment: { ...facts.environment, ...environment } },
        isSystemStated: target.os !== undefined || base !== undefined,
      });
    }
  }
  return targets;
}

/** A target as reports have it. */
export function describeTargetFacts({ text, facts }: InspectTarget): TargetReport {
  const { gpu, driver, os, environment } = facts;
  return {
    target: text,
    ...(gpu.name !== undefined && { gpu: gpu.name }),
    capability: formatComputeCapability(gpu.capability),
    ...(driver.version !== undefined && { driver: driver.version }),
    cuda: formatCudaVersion(driver.cudaVersion),
    os,
    environment: [
      ...(environment?.forcePtxJit === true ? ['CUDA_FORCE_PTX_JIT=1'] : []),
      ...(environment?.disablePtxJit === true ? ['CUDA_DISABLE_PTX_JIT=1'] : []),
    ],
  };
}
