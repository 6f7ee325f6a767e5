import { createNodeHost } from '../host/create-node-host.ts';
import { LlcudaError } from '../errors/llcuda-error.ts';
import type { Host } from '../host/host.ts';
import { findHostDevices } from '../probe/find-host-devices.ts';
import { createExpectedMatrix } from './plan/create-expected-matrix.ts';
import type { Matrix } from '../compat/create-matrix.ts';
import type { BuildOptions } from './build-options.ts';
import { findStaticCudart, listCmakeArguments } from './compile/list-cmake-arguments.ts';
import { findPrograms } from './find-programs.ts';
import type { BuildPlan } from './plan/build-plan.ts';
import { planBuild } from './plan/plan-build.ts';
import type { BuildSource } from './source/build-source.ts';
import { resolveSource } from './source/resolve-source.ts';
import { chooseToolkit } from './toolchain/choose-toolkit.ts';
import { findToolchain } from './toolchain/find-toolchain.ts';
import type { Toolchain } from './toolchain/toolchain.ts';
import { toolchainError } from './toolchain/toolchain-error.ts';

/** Everything that a build will do, known before it starts. */
export interface PreparedBuild {
  readonly plan: BuildPlan;
  readonly toolchain: Toolchain;
  readonly source: BuildSource;
  /** Programs that will be built. */
  readonly programs: readonly string[];
  /** Every `-D` that cmake gets. */
  readonly cmakeArguments: readonly string[];
  /** What the result will do on GPUs and drivers. `undefined` for a CPU build. */
  readonly matrix: Matrix | undefined;
}

/**
 * Plans a build on this machine: source, toolchain, targets, the line of cmake, and what to expect of the result. What
 * `--dry-run` shows. Throws what `buildRuntime` throws before it compiles.
 */
export async function prepareBuild(options: BuildOptions = {}): Promise<PreparedBuild> {
  const { signal, hostCompiler } = options;
  signal?.throwIfAborted();
  const host = options.host ?? createNodeHost();
  checkPlatform(host);
  const isCuda = (options.backend ?? 'cuda') === 'cuda';
  const choice = isCuda
    ? await chooseToolkit(host, { toolkit: options.toolkit, signal })
    : undefined;
  const devices = isCuda ? await findHostDevices(host, { signal }) : [];
  const { arch } = host;
  const planned = planBuild({ ...options, toolkit: choice?.toolkit.version, devices, arch });
  const plan = { ...planned, programs: options.programs ?? planned.programs };
  const source = await resolveSource(options.source, { ...options, host });
  const { cmakeVersion } = source;
  const toolchain = await findToolchain(host, { choice, cmakeVersion, hostCompiler, signal });
  const staticCudart = await resolveCudart(host, plan, toolchain);
  return {
    plan,
    toolchain,
    source,
    programs: await findPrograms(plan.programs, source),
    cmakeArguments: listCmakeArguments({ plan, toolchain, source, staticCudart }),
    matrix: plan.cuda && createExpectedMatrix(plan.cuda),
  };
}

function checkPlatform({ platform }: Host): void {
  if (platform === 'linux') return;
  throw new LlcudaError('BUILD_UNSUPPORTED', `llcuda does not build on ${platform} yet`, {
    detail: { platform },
    hint: 'Build on Linux, or in WSL 2 on Windows.',
  });
}

async function resolveCudart(
  host: Host,
  { cuda }: BuildPlan,
  { toolkit }: Toolchain,
): Promise<string | undefined> {
  if (cuda?.isCudartStatic !== true || toolkit === undefined) return undefined;
  const library = await findStaticCudart(host, toolkit.nvcc);
  if (library !== undefined) return library;
  throw toolchainError(
    `CUDA ${toolkit.release} has no libcudart_static.a here`,
    { tool: 'libcudart_static.a', problem: 'missing', found: toolkit.root },
    'Leave --static-cudart out, or install the development files of the CUDA runtime.',
  );
}
