import { checkCompatibility } from '../../compat/check-compatibility.ts';
import type { CompatFatbin, CompatImage } from '../../compat/compat-image.ts';
import { createCompatCode } from '../../compat/create-compat-code.ts';
import { findCudaVersion } from '../../compat/find-cuda-version.ts';
import { isTegra } from '../../compat/is-tegra.ts';
import { listJudgedFatbins } from '../../compat/judge-fatbin.ts';
import type { GpuCode } from '../../fatbin/gpu-code.ts';
import { parseComputeCapability } from '../../units/compute-capability.ts';
import { parseDriverVersion } from '../../units/driver-version.ts';
import type { BuildPlan, CudaPlan, PlannedGpu } from '../plan/build-plan.ts';
import { meantRunpath } from '../plan/plan-build.ts';

/** What every Linux with a C++ runtime has. */
const SYSTEM_LIBRARY =
  /^(?:lib(?:c|m|dl|rt|pthread|stdc\+\+|gcc_s)\.so\.\d+|ld-linux[\w-]*\.so\.\d+)$/;

export interface GateContext {
  readonly plan: Pick<BuildPlan, 'backend' | 'cuda' | 'glibc'>;
  /** Sonames of the libraries that lie beside it. */
  readonly own: ReadonlySet<string>;
}

/** Why a binary is not what was planned: one sentence for each reason, none if it is. */
export function checkBinary(code: GpuCode, context: GateContext): readonly string[] {
  const { cuda } = context.plan;
  return [
    ...(cuda === undefined ? checkNoGpuCode(code) : checkGpuCode(code, cuda)),
    ...checkNeeded(code, context),
    ...checkRunpath(code, context),
    ...checkGlibc(code, context.plan.glibc),
  ];
}

function checkNoGpuCode(code: GpuCode): readonly string[] {
  const count = listJudgedFatbins(createCompatCode(code)).length;
  return count === 0 ? [] : [`it holds GPU code (${count} fatbins), and the build is for the CPU`];
}

/** Every fatbin for itself: one translation unit without machine code fails at its first kernel, long after loading. */
function checkGpuCode(code: GpuCode, cuda: CudaPlan): readonly string[] {
  const fatbins = listJudgedFatbins(createCompatCode(code));
  if (fatbins.length === 0) return [];
  const missing = cuda.images.flatMap((planned) => {
    const lacking = fatbins.filter((fatbin) => !hasImage(fatbin, planned));
    if (lacking.length === 0) return [];
    const gpus = cuda.gpus.filter(({ target }) => target === planned.target);
    const whom =
      planned.kind === 'ptx' ? 'newer GPUs' : gpus.map((gpu) => formatGpu(gpu)).join(', ');
    const kind = planned.kind === 'ptx' ? 'PTX' : 'machine code';
    const found = [...new Set((lacking[0]?.images ?? []).map((image) => formatImage(image)))];
    return [
      `${lacking.length} of ${fatbins.length} fatbins hold no ${kind} ${planned.target} for ${whom}; the first of them holds ${found.join(', ')}`,
    ];
  });
  return [...missing, ...cuda.gpus.flatMap((gpu) => checkVerdict(code, gpu))];
}

function hasImage(fatbin: CompatFatbin, planned: CudaPlan['images'][number]): boolean {
  return fatbin.images.some((image) => formatImage(image) === planned.target);
}

/** The rules have the last word: compression that a driver cannot read, a runtime too new for it. */
function checkVerdict(code: GpuCode, gpu: PlannedGpu): readonly string[] {
  const capability = parseComputeCapability(gpu.capability);
  const cudaVersion = findCudaVersion(parseDriverVersion(gpu.minimumDriver) ?? []);
  if (capability === undefined || cudaVersion === undefined) return [];
  const driver = { version: gpu.minimumDriver, cudaVersion };
  const host = { gpu: { capability, isTegra: isTegra(capability) }, driver, os: 'linux' } as const;
  const { outcome, reason } = checkCompatibility(createCompatCode(code), host);
  if (outcome === 'native') return [];
  return [`${formatGpu(gpu)} with driver ${gpu.minimumDriver}: ${outcome}, not native. ${reason}`];
}

function checkNeeded({ libraries }: GpuCode, { plan, own }: GateContext): readonly string[] {
  const major = plan.cuda?.toolkit.split('.')[0];
  const cuda = [
    'libcuda.so.1',
    `libcudart.so.${major}`,
    `libcublas.so.${major}`,
    `libcublasLt.so.${major}`,
  ];
  // The runtime of 11.x keeps its first soname.
  const allowed = new Set(plan.cuda === undefined ? [] : [...cuda, 'libcudart.so.11.0']);
  return libraries.needed
    .filter((name) => !own.has(name) && !allowed.has(name) && !SYSTEM_LIBRARY.test(name))
    .map((name) => `it needs ${name}, which is not part of the build and not on every machine`);
}

function checkRunpath({ libraries }: GpuCode, { own }: GateContext): readonly string[] {
  const { rpath, runpath, needed } = libraries;
  const stray = [...rpath, ...runpath].filter((folder) => !meantRunpath.includes(folder));
  if (stray.length > 0)
    return [`it looks for libraries in ${stray.join(', ')}: folders of the machine that built it`];
  const isFound = meantRunpath.every((folder) => [...rpath, ...runpath].includes(folder));
  const needsOwn = needed.some((name) => own.has(name));
  if (!needsOwn || isFound) return [];
  const found = [...rpath, ...runpath].join(':') || 'empty';
  return [`its RUNPATH is ${found}, not ${meantRunpath.join(':')}`];
}

function checkGlibc({ libraries }: GpuCode, floor: string | undefined): readonly string[] {
  const { glibc } = libraries;
  if (floor === undefined || glibc === undefined) return [];
  const [found = 0, limit = 0] = [glibc, floor].map((text) => Number(text.split('.')[1]));
  return found > limit ? [`it needs glibc ${glibc}, newer than ${floor}`] : [];
}

/** `sm_120a`. */
function formatImage({ kind, target }: CompatImage): string {
  const prefix = kind === 'sass' ? 'sm_' : 'compute_';
  return `${prefix}${target.capability}${target.variant ?? ''}`;
}

function formatGpu({ name, capability }: PlannedGpu): string {
  return name === capability ? name : `${name} (${capability})`;
}
