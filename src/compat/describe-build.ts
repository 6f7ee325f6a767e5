import { compareCudaVersions, formatCudaVersion, type CudaVersion } from '../units/cuda-version.ts';
import type { HostDevice } from './host-device.ts';
import { resolveEffectiveDriver } from './resolve-effective-driver.ts';
import { toolkitTable } from './toolkit-table.ts';
import { findToolkitTargets } from './toolkit-targets.ts';

/** A build that runs natively on this GPU with this driver: the code it has to hold, and the newest toolkit that can make it. */
export function describeBuild(host: HostDevice): string {
  const target = String(host.gpu.capability);
  const { cudaVersion } = resolveEffectiveDriver(host);
  const toolkits = toolkitTable.filter((row) => row.hasToolkit).map((row) => row.cuda);
  const newest = toolkits.findLast(
    (toolkit) => findToolkitTargets(toolkit).includes(target) && isUsable(toolkit, cudaVersion),
  );
  const isLimited = newest !== undefined && newest !== toolkits.at(-1);
  const limit = isLimited ? ` made with CUDA toolkit ${formatCudaVersion(newest)} or older` : '';
  return `a build with sm_${target} code${limit}`;
}

/** The same major version; and not the toolkits (12.8 on) with which llama.cpp compresses with zstd, if the driver cannot read that. */
function isUsable(toolkit: CudaVersion, driver: CudaVersion): boolean {
  const readsZstd = compareCudaVersions(driver, { major: 12, minor: 4 }) >= 0;
  const writesZstd = compareCudaVersions(toolkit, { major: 12, minor: 8 }) >= 0;
  return toolkit.major <= driver.major && (readsZstd || !writesZstd);
}
