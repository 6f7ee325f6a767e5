import type { HostDevice } from '../compat/host-device.ts';
import { resolveEffectiveDriver } from '../compat/resolve-effective-driver.ts';
import { toolkitTable } from '../compat/toolkit-table.ts';
import { findToolkitTargets } from '../compat/toolkit-targets.ts';
import type { ToolName } from '../probe/facts/tool-facts.ts';
import type { HostToolkit } from '../probe/facts/toolkit-facts.ts';
import { compareCudaVersions, formatCudaVersion, type CudaVersion } from '../units/cuda-version.ts';
import type { CheckContext } from './check-context.ts';
import { joinWords } from './describe-gpus.ts';
import { createInstallCommand, type PackageNames } from './install-command.ts';

/** The newest toolkit that is not newer than the driver of any device and has code for all of them: nothing it makes fails. */
export function findBestToolkit(devices: readonly HostDevice[]): CudaVersion | undefined {
  return toolkitTable.findLast(
    ({ cuda, hasToolkit }) =>
      hasToolkit &&
      devices.every(
        (device) =>
          compareCudaVersions(cuda, resolveEffectiveDriver(device).cudaVersion) <= 0 &&
          canCompileFor(cuda, device),
      ),
  )?.cuda;
}

/** `a build with sm_75 code made with CUDA toolkit 12.4`. */
export function describeBestBuild(devices: readonly HostDevice[]): string {
  const code = joinWords(listCapabilities(devices).map((capability) => `sm_${capability}`));
  const toolkit = findBestToolkit(devices);
  const madeWith =
    toolkit === undefined ? '' : ` made with CUDA toolkit ${formatCudaVersion(toolkit)}`;
  return `a build with ${code} code${madeWith}`;
}

/** A toolkit of this host whose code runs here: of a major version that the driver runs, with code for every GPU. */
export function findUsableToolkit({ facts, devices }: CheckContext): HostToolkit | undefined {
  const isUsable = ({ nvcc, version }: HostToolkit): boolean =>
    nvcc !== undefined &&
    version !== undefined &&
    devices.every(
      (device) =>
        version.major <= resolveEffectiveDriver(device).cudaVersion.major &&
        canCompileFor(version, device),
    );
  return (
    facts.toolkits.find((toolkit) => toolkit.isOnPath && isUsable(toolkit)) ??
    facts.toolkits.find((toolkit) => isUsable(toolkit))
  );
}

export function canCompileFor(toolkit: CudaVersion, { gpu }: HostDevice): boolean {
  return findToolkitTargets(toolkit).includes(String(gpu.capability));
}

function listCapabilities(devices: readonly HostDevice[]): readonly number[] {
  return [...new Set(devices.map(({ gpu }) => gpu.capability))].sort((left, right) => left - right);
}

/** Fetches llama.cpp and builds it with code for the GPUs of this host. `undefined` without a toolkit that can. */
export function createBuildCommand(context: CheckContext): string | undefined {
  const toolkit = findUsableToolkit(context);
  if (toolkit?.nvcc === undefined || context.devices.length === 0) return undefined;
  const targets = listCapabilities(context.devices).join(';');
  const compiler = toolkit.isOnPath ? [] : [`-DCMAKE_CUDA_COMPILER=${quote(toolkit.nvcc)}`];
  const flags = ['-DGGML_CUDA=ON', `-DCMAKE_CUDA_ARCHITECTURES=${quote(targets)}`, ...compiler];
  const install = createToolsCommand(context.facts);
  return [
    ...(install === undefined ? [] : [install]),
    'git clone --depth 1 https://github.com/ggml-org/llama.cpp',
    `cmake -S llama.cpp -B llama.cpp/build ${flags.join(' ')}`,
    `cmake --build llama.cpp/build --config Release -j ${countBuildJobs(context)}`,
  ].join(' && ');
}

/** Packages of what a build needs, by the tools that show that it is there. */
const toolPackages: readonly (readonly [tools: readonly ToolName[], packages: PackageNames])[] = [
  [['cmake'], { apt: 'cmake' }],
  [['ninja', 'make'], { apt: 'make' }],
  [['g++', 'clang'], { apt: 'g++', dnf: 'gcc-c++', pacman: 'gcc' }],
  [['git'], { apt: 'git' }],
];

/** Installs the tools that are not here. `undefined` where all are. */
function createToolsCommand({ tools, platform }: CheckContext['facts']): string | undefined {
  const missing = toolPackages.flatMap(([names, packages]) =>
    tools.some(({ name, path }) => path !== undefined && names.includes(name)) ? [] : [packages],
  );
  if (missing.length === 0) return undefined;
  const join = (manager: keyof PackageNames): string =>
    missing.map((packages) => packages[manager] ?? packages.apt).join(' ');
  return createInstallCommand(platform, {
    apt: join('apt'),
    dnf: join('dnf'),
    pacman: join('pacman'),
    apk: join('apk'),
  });
}

/** nvcc takes some 2 GB for the largest files of ggml-cuda. */
const BYTES_PER_JOB = 2e9;

/** How many compilers this host has the cores and the memory for. */
export function countBuildJobs({ facts: { processor, memory } }: CheckContext): number {
  const byMemory = Math.floor((memory.usableBytes ?? Infinity) / BYTES_PER_JOB);
  return Math.max(1, Math.min(Math.floor(processor.usableCores), byMemory));
}

/** Quotes what a shell would read as more than one word. */
export function quote(text: string): string {
  return /^[\w./:=+@%-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
