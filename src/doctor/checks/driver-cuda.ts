import { findCapabilitySupport } from '../../compat/find-capability-support.ts';
import { findPtxIsa } from '../../compat/find-ptx-isa.ts';
import { toolkitTable } from '../../compat/toolkit-table.ts';
import { compareCudaVersions, formatCudaVersion } from '../../units/cuda-version.ts';
import { formatPtxIsaVersion } from '../../units/ptx-isa-version.ts';
import type { Check } from '../check.ts';
import type { CheckContext } from '../check-context.ts';
import { createInstallCommand } from '../install-command.ts';

export const driverCudaCheck: Check = {
  id: 'driver-cuda',
  title: 'CUDA version of the driver',
  group: 'gpu',
  needs: ['driver'],
  run: (context) => {
    const { driver } = context.facts;
    const { cudaVersion, effectiveCudaVersion = cudaVersion } = driver;
    const name = `Driver ${driver.version ?? '(version not told)'}`;
    if (effectiveCudaVersion === undefined) {
      return { status: 'skip', summary: `${name}: nothing tells its CUDA version.` };
    }
    const isa = findPtxIsa(effectiveCudaVersion);
    const limit = isa === undefined ? '' : ` and compiles PTX up to ${formatPtxIsaVersion(isa)}`;
    const summary = `${name} is CUDA ${formatCudaVersion(effectiveCudaVersion)}${limit}.`;
    const isRaised =
      cudaVersion !== undefined && compareCudaVersions(effectiveCudaVersion, cudaVersion) !== 0;
    const detail = isRaised
      ? [`Without the cuda-compat package it is CUDA ${formatCudaVersion(cudaVersion)}.`]
      : undefined;
    if (effectiveCudaVersion.major >= 12) return { status: 'ok', summary, detail };
    const status = effectiveCudaVersion.major < 11 ? 'fail' : 'warn';
    const limits = 'Builds made with CUDA 12 or 13 give error 35 with it.';
    return {
      status,
      summary: `${summary} ${limits}`,
      detail,
      ...describeUpdate(context),
    };
  },
};

/** The newest branch that still has every GPU of this host. */
function describeUpdate({ facts, devices }: CheckContext): {
  readonly fix: string;
  readonly commands?: readonly string[];
} {
  const { platform } = facts;
  if (platform.jetson !== undefined) return { fix: 'Update JetPack: 6 has CUDA 12.' };
  const lasts = devices.flatMap(({ gpu }) => findCapabilitySupport(gpu.capability).last ?? []);
  const [last] = lasts.toSorted(compareCudaVersions);
  const branch =
    last && toolkitTable.find(({ cuda }) => compareCudaVersions(cuda, last) === 0)?.branch;
  if (platform.service !== undefined)
    return { fix: 'Take a newer runtime of the notebook service.' };
  if (last !== undefined && last.major < 12) {
    return {
      fix: `Stay on branch ${branch}, the last for this GPU, with builds made with CUDA 11.`,
    };
  }
  const commands = [createInstallCommand(platform, { apt: `nvidia-driver-${branch ?? 580}` })];
  return branch === undefined
    ? { fix: 'Update the driver to branch 580 or later.', commands }
    : { fix: `Update the driver to branch ${branch}, the last one for this GPU.`, commands };
}
