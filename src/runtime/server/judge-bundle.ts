import { checkCompatibility } from '../../compat/check-compatibility.ts';
import type { FileVerdict } from '../../compat/verdict.ts';
import { compareVersions } from '../../units/compare-versions.ts';
import type { BundleSummary } from '../bundle/bundle-manifest.ts';
import { findBundleOutcome } from '../bundle/bundle-outcome.ts';
import { readGpuSummary } from '../bundle/gpu-summary.ts';
import { hasCpuLevel } from './find-cpu-level.ts';
import type { HostProfile } from './host-profile.ts';

/** `cpu`: it runs on the processor, and that is what was asked for or all there is. */
export type BundleOutcome = 'native' | 'jit' | 'cpu' | 'fail';

export interface JudgeOptions {
  /** `off`: for the processor, also where there is a GPU. @defaultValue 'auto' */
  readonly gpu?: 'auto' | 'off' | undefined;
}

export interface Judgement {
  readonly outcome: BundleOutcome;
  /** One sentence. */
  readonly reason: string;
  /** One imperative sentence. Only for `fail`. */
  readonly fix?: string | undefined;
  /** On the GPU that fares worst. */
  readonly verdict?: FileVerdict | undefined;
}

/** Whether a bundle can run on a machine as far as its GPU code is not looked at. */
export function isForMachine(
  summary: BundleSummary,
  profile: HostProfile,
  options: JudgeOptions = {},
): boolean {
  return checkMachine(summary, profile, options) === undefined;
}

/** How the GPU code of a bundle fares on all GPUs of a machine, without words for it: for ranking many. */
export function rankGpuCode(
  summary: Pick<BundleSummary, 'backend' | 'gpu'>,
  profile: HostProfile,
): BundleOutcome {
  if (summary.backend === 'cpu') return 'cpu';
  const outcomes = new Set(profile.devices.map((device) => findBundleOutcome(summary, device)));
  if (outcomes.has('fail') || outcomes.has('none')) return 'fail';
  return outcomes.has('jit') ? 'jit' : 'native';
}

/** Whether a bundle runs on a machine, on all of its GPUs; why, and what to do if not. */
export function judgeBundle(
  summary: BundleSummary,
  profile: HostProfile,
  options: JudgeOptions = {},
): Judgement {
  const failure = checkMachine(summary, profile, options);
  if (failure !== undefined) return { outcome: 'fail', ...failure };
  if (summary.backend === 'cpu') {
    return { outcome: 'cpu', reason: 'It runs on the processor.' };
  }
  const verdicts = profile.devices.flatMap((device) =>
    summary.gpu.map((file) => checkCompatibility(readGpuSummary(file), device)),
  );
  const order: readonly FileVerdict['outcome'][] = ['fail', 'jit', 'native', 'none'];
  const [worst] = verdicts.toSorted(
    (left, right) => order.indexOf(left.outcome) - order.indexOf(right.outcome),
  );
  if (worst === undefined || worst.outcome === 'none') {
    return { outcome: 'fail', reason: 'It holds no GPU code.' };
  }
  const { outcome, reason, fix } = worst;
  return { outcome, reason, verdict: worst, ...(fix !== undefined && { fix }) };
}

interface Failure {
  readonly reason: string;
  readonly fix?: string;
}

/** What fails before any GPU code is looked at. */
function checkMachine(
  summary: BundleSummary,
  profile: HostProfile,
  options: JudgeOptions,
): Failure | undefined {
  return (
    checkPlatform(summary, profile) ??
    checkFloors(summary, profile) ??
    checkDevice(summary, profile, options) ??
    checkLibraries(summary, profile)
  );
}

function checkPlatform(
  summary: BundleSummary,
  { os, arch, libc }: HostProfile,
): Failure | undefined {
  if (summary.os !== os || summary.arch !== arch) {
    return {
      reason: `It is for ${summary.os} on ${summary.arch}, not for ${os ?? 'this system'} on ${arch}.`,
    };
  }
  if (libc === 'musl' && summary.needed.includes('libc.so.6')) {
    const fix = 'Use a system with glibc, such as Debian, or build it here with `llcuda build`.';
    return { reason: 'It needs the GNU C library, and this system has musl.', fix };
  }
  return undefined;
}

function checkFloors({ requires }: BundleSummary, profile: HostProfile): Failure | undefined {
  const { glibc, cpu } = requires;
  if (glibc && profile.glibc && compareVersions(profile.glibc, glibc) < 0) {
    const fix = 'Use a bundle that was built on an older system, or `llcuda build` it here.';
    return { reason: `It needs glibc ${glibc}, and this system has ${profile.glibc}.`, fix };
  }
  if (cpu && profile.cpu && !hasCpuLevel(profile.cpu, cpu)) {
    const fix = 'Use a bundle for an older processor, or `llcuda build` it here.';
    return { reason: `It needs a processor of ${cpu}, and this one is of ${profile.cpu}.`, fix };
  }
  return undefined;
}

function checkDevice(
  { backend }: BundleSummary,
  { devices, gpus }: HostProfile,
  { gpu = 'auto' }: JudgeOptions,
): Failure | undefined {
  const [name] = gpus;
  if (backend === 'cpu') {
    if (gpu === 'off' || name === undefined) return undefined;
    const fix = 'Add `--gpu off` to use the processor on purpose.';
    return { reason: `It runs on the processor only, and this machine has ${name}.`, fix };
  }
  if (gpu === 'off') return { reason: 'It is for NVIDIA GPUs, and `--gpu off` was asked for.' };
  if (devices.length > 0) return undefined;
  if (name === undefined) return { reason: 'It is for NVIDIA GPUs, and this machine has none.' };
  const reason = `It is for NVIDIA GPUs, and no driver works for ${name}.`;
  return { reason, fix: "Install NVIDIA's driver; `nvidia-smi` must list the GPU." };
}

function checkLibraries(
  { needed }: BundleSummary,
  { libraries }: HostProfile,
): Failure | undefined {
  const missing = needed.filter((name) => libraries?.has(name) === false && !isLoader(name));
  if (missing.length === 0) return undefined;
  const reason = `It needs ${missing.join(', ')}, which the loader does not find here.`;
  const isCuda = missing.some((name) => /^lib(?:cudart|cublas)/.test(name));
  const fix = isCuda
    ? 'Use a bundle packed with `--with-cuda`, or install the CUDA runtime of that version.'
    : 'Install the packages that have them.';
  return { reason, fix };
}

/** The loader itself, under its path. */
function isLoader(name: string): boolean {
  return name.startsWith('ld-linux');
}
