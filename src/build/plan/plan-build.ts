import { LlcudaError } from '../../errors/llcuda-error.ts';
import type { HostDevice } from '../../compat/host-device.ts';
import { formatCudaVersion, type CudaVersion } from '../../units/cuda-version.ts';
import { compareDriverVersions, parseDriverVersion } from '../../units/driver-version.ts';
import type { BuildBackend, BuildPlan, CudaPlan } from './build-plan.ts';
import { CPU_ALL_OPTIONS, CPU_NATIVE_OPTIONS, cpuLevels } from './cpu-levels.ts';
import { findLowestDriver, isBelowRuntime, planCuda } from './plan-cuda.ts';
import { resolveGpus, type ResolvedGpus } from './resolve-gpus.ts';

export interface PlanRequest {
  /** @defaultValue 'cuda' */
  readonly backend?: BuildBackend | undefined;
  /** Names, capabilities, presets, `native`, `all`; each may be a list with commas. @defaultValue `native` */
  readonly gpus?: readonly string[] | undefined;
  /** The CUDA toolkit that will build; needed for `cuda`. */
  readonly toolkit?: CudaVersion | undefined;
  /** The GPUs of this machine, for `native`. */
  readonly devices?: readonly HostDevice[] | undefined;
  /** The oldest driver that must run it. @defaultValue that of the preset or machine, else the oldest the toolkit allows */
  readonly minimumDriver?: string | undefined;
  /** PTX for newer GPUs. @defaultValue true */
  readonly hasPtx?: boolean | undefined;
  /** Links the CUDA runtime in. cuBLAS stays a library. @defaultValue false */
  readonly isCudartStatic?: boolean | undefined;
  /** A level (`x86-64-v3`), `native` or `all`. @defaultValue `native` for the GPUs of this machine, else the usual level */
  readonly cpu?: string | undefined;
  /** The newest GNU C library that the result may need. @defaultValue that of the preset */
  readonly glibc?: string | undefined;
  /** Processor architecture in Node's words. @defaultValue 'x64' */
  readonly arch?: string | undefined;
}

/** Where a library finds its neighbours: in its own folder, or in `lib` from `bin`. */
export const meantRunpath: readonly string[] = ['$ORIGIN', '$ORIGIN/../lib'];

/** In the order of need: only the first must be there. */
const PROGRAMS = ['llama-server', 'llama-cli', 'llama-bench'];

/** Nothing is fetched at build time, and nothing is needed at run time that a bare machine does not have. */
const commonOptions: readonly string[] = [
  'CMAKE_BUILD_TYPE=Release',
  'BUILD_SHARED_LIBS=ON',
  `CMAKE_INSTALL_RPATH=${meantRunpath.join(';')}`,
  'CMAKE_BUILD_WITH_INSTALL_RPATH=ON',
  'LLAMA_BUILD_TESTS=OFF',
  'LLAMA_BUILD_EXAMPLES=OFF',
  'LLAMA_BUILD_APP=OFF',
  'LLAMA_BUILD_UI=OFF',
  'LLAMA_USE_PREBUILT_UI=OFF',
  'LLAMA_OPENSSL=OFF',
  'LLAMA_CURL=OFF',
  'GGML_OPENMP=OFF',
  'GGML_CCACHE=OFF',
];

/**
 * Plans a build of llama.cpp: which images it will hold, for which GPUs from which driver on, and the options of cmake
 * that make it so. Pure: the same request gives the same plan. Throws `TARGET_INVALID`, `BUILD_TARGET_UNSUPPORTED`,
 * `GPU_NOT_FOUND`, `USAGE_INVALID`.
 */
export function planBuild(request: PlanRequest): BuildPlan {
  const backend = request.backend ?? 'cuda';
  const { cuda, resolved, notes } =
    backend === 'cuda' ? planGpus(request) : { cuda: undefined, resolved: undefined, notes: [] };
  const isNative = resolved !== undefined && resolved.devices.length > 0;
  const cpu = request.cpu ?? (isNative ? 'native' : defaultLevel(request.arch ?? 'x64'));
  return {
    backend,
    cuda,
    cpu,
    glibc: request.glibc ?? lowestGlibc(resolved),
    cmakeOptions: [
      ...commonOptions,
      ...listCpuOptions(cpu, request.arch ?? 'x64'),
      ...(cuda === undefined ? ['GGML_CUDA=OFF'] : listCudaOptions(cuda)),
    ],
    programs: PROGRAMS,
    notes,
  };
}

function planGpus(request: PlanRequest): {
  readonly cuda: CudaPlan;
  readonly resolved: ResolvedGpus;
  readonly notes: readonly string[];
} {
  const { toolkit, devices = [] } = request;
  if (toolkit === undefined) throw new TypeError('A plan for CUDA needs the version of a toolkit');
  const resolved = resolveGpus(request.gpus ?? ['native'], { toolkit, devices });
  const { minimumDriver, notes } = chooseDriver(request.minimumDriver, resolved, toolkit);
  const { hasPtx = true, isCudartStatic = false } = request;
  const { gpus } = resolved;
  const cuda = planCuda({ gpus, toolkit, minimumDriver, hasPtx, isCudartStatic });
  return { cuda, resolved, notes };
}

/** What was asked for is kept, or refused later; what a preset says gives way to the toolkit, with a note. */
function chooseDriver(
  asked: string | undefined,
  { presets, devices }: ResolvedGpus,
  toolkit: CudaVersion,
): { readonly minimumDriver: string; readonly notes: readonly string[] } {
  if (asked !== undefined) return { minimumDriver: asked, notes: [] };
  const lowest = findLowestDriver(toolkit);
  const known = [
    ...presets.map(({ minimumDriver }) => minimumDriver),
    ...devices.flatMap(({ driver }) => driver.version ?? []),
  ].sort((left, right) =>
    compareDriverVersions(parseDriverVersion(left) ?? [], parseDriverVersion(right) ?? []),
  );
  const [oldest] = known;
  if (oldest === undefined) return { minimumDriver: lowest, notes: [] };
  if (!isBelowRuntime(oldest, toolkit)) return { minimumDriver: oldest, notes: [] };
  const from = presets.map(({ name }) => name).join(', ');
  const note = `CUDA ${formatCudaVersion(toolkit)} needs driver ${lowest} or newer; ${from || 'this machine'} has been met with ${oldest}. A toolkit 12.x runs there too.`;
  return { minimumDriver: lowest, notes: [note] };
}

function lowestGlibc(resolved: ResolvedGpus | undefined): string | undefined {
  const versions = (resolved?.presets ?? []).map(({ glibc }) => glibc);
  return versions.sort((left, right) => Number(left.slice(2)) - Number(right.slice(2)))[0];
}

function defaultLevel(arch: string): string {
  return arch === 'arm64' ? 'armv8-a' : 'x86-64-v3';
}

function listCpuOptions(cpu: string, arch: string): readonly string[] {
  if (cpu === 'native') return CPU_NATIVE_OPTIONS;
  if (cpu === 'all') return CPU_ALL_OPTIONS;
  const level = cpuLevels.find((row) => row.name === cpu && row.arch === arch);
  if (level !== undefined) return level.options;
  const names = cpuLevels.filter((row) => row.arch === arch).map(({ name }) => name);
  throw new LlcudaError('USAGE_INVALID', `${cpu} is no processor level for ${arch}`, {
    detail: { argument: cpu },
    hint: `Use ${[...names, 'native', 'all'].join(', ')}.`,
  });
}

function listCudaOptions(cuda: CudaPlan): readonly string[] {
  const { compressionMode } = cuda;
  return [
    'GGML_CUDA=ON',
    `CMAKE_CUDA_ARCHITECTURES=${cuda.architectures.join(';')}`,
    // It would be found where it is installed, and then needed everywhere.
    'GGML_CUDA_NCCL=OFF',
    ...(compressionMode === undefined ? [] : [`GGML_CUDA_COMPRESSION_MODE=${compressionMode}`]),
  ];
}
