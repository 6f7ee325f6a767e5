import { describeGpu } from '../compat/describe-host.ts';
import { formatDuration } from '../units/format-duration.ts';
import type { CheckContext } from './check-context.ts';
import { checks } from './checks.ts';
import { describeGpuList } from './describe-gpus.ts';
import { createBuildCommand, describeBestBuild, quote } from './describe-llama-build.ts';
import { describeRuntimeFix } from './describe-runtime-fix.ts';
import type { CheckResult, DoctorVerdict } from './doctor-report.ts';
import type { JudgedRuntime } from './judge-runtimes.ts';
import { listVisibleGpus } from './list-visible-gpus.ts';

/** What will run on this host, and the one thing to do next. */
export function findVerdict(context: CheckContext, results: readonly CheckResult[]): DoctorVerdict {
  const { facts, devices, runtimes } = context;
  if (facts.gpus.length === 0) return describeNoGpu(context);
  const stopped = findStop(results);
  if (stopped !== undefined) {
    const [command] = stopped.commands ?? [];
    return {
      outcome: 'fail',
      summary: `No program can use ${describeGpuList(facts.gpus)}. ${stopped.summary}`,
      next: stopped.fix ?? '',
      ...(command !== undefined && { command }),
    };
  }
  if (facts.visibleDevices.effect === 'none') {
    return {
      outcome: 'processor',
      summary: 'CUDA_VISIBLE_DEVICES hides every GPU: models run on the processor.',
      next: 'Unset it to use the GPU.',
      command: 'unset CUDA_VISIBLE_DEVICES',
    };
  }
  if (devices.length === 0) {
    return {
      outcome: 'fail',
      summary: `Nothing tells the driver or the compute capability of ${describeGpuList(facts.gpus)}.`,
      next: 'See what the driver says.',
      command: 'nvidia-smi',
    };
  }
  const usable = runtimes.find(({ isUsable }) => isUsable);
  if (usable !== undefined) return describeUsable(usable, context);
  const broken = runtimes.find(({ runtime }) => runtime.hasCuda);
  return broken === undefined
    ? describeNoRuntime(context)
    : describeBroken(broken, context, results);
}

/** The first failure that leaves no GPU. */
function findStop(results: readonly CheckResult[]): CheckResult | undefined {
  const stops = new Set(checks.flatMap(({ id, stopsGpu }) => (stopsGpu === true ? [id] : [])));
  return results.find(({ id, status }) => status === 'fail' && stops.has(id));
}

function describeNoGpu({ facts: { platform } }: CheckContext): DoctorVerdict {
  const isMetal = platform.platform === 'darwin' && platform.arch === 'arm64';
  return {
    outcome: 'processor',
    summary: isMetal
      ? "There is no NVIDIA GPU here: models run on Apple's, through Metal."
      : 'There is no NVIDIA GPU here: models run on the processor.',
    next: 'Run one.',
    command: 'llcuda run "What is AI?"',
  };
}

function describeUsable(
  { runtime, outcome, verdicts }: JudgedRuntime,
  { facts }: CheckContext,
): DoctorVerdict {
  const who = describeGpuList(listVisibleGpus(facts));
  const seconds = Math.max(0, ...verdicts.map(({ verdict }) => verdict.jit?.estimatedSeconds ?? 0));
  const how =
    outcome === 'native'
      ? 'natively'
      : `after the driver has compiled its PTX (some ${formatDuration(Math.max(1, seconds) * 1000)} at first use)`;
  return {
    outcome: outcome === 'native' ? 'native' : 'jit',
    summary: `${runtime.path} runs ${how} on ${who}.`,
    runtime: runtime.path,
    next: 'Run a model, with all of its layers on the GPU.',
    command: `${quote(runtime.path)} -m MODEL.gguf -ngl 99`,
  };
}

/** A GPU that works, and llama.cpp that does not run on it. */
function describeBroken(
  { runtime, verdicts, missingLibraries }: JudgedRuntime,
  context: CheckContext,
  results: readonly CheckResult[],
): DoctorVerdict {
  const failure = verdicts.find(({ verdict }) => verdict.outcome === 'fail');
  if (failure !== undefined) {
    const { fix, commands } = describeRuntimeFix(failure, context);
    const { reason, cudaError } = failure.verdict;
    const number = cudaError === null ? '' : ` (CUDA error ${cudaError})`;
    // Without a toolkit to build with, the way on is the driver, else a toolkit.
    const [own, driver, nvcc] = [
      commands,
      ...['driver-cuda', 'nvcc'].map((id) => results.find((result) => result.id === id)?.commands),
    ];
    const command = own?.[0] ?? driver?.[0] ?? nvcc?.[0];
    return {
      outcome: 'fail',
      summary: `${runtime.path} does not run on ${describeGpu(failure.device.gpu)}${number}. ${reason}`,
      runtime: runtime.path,
      next: fix,
      ...(command !== undefined && { command }),
    };
  }
  const told = results.find(
    ({ group, status, summary, id }) =>
      status === 'fail' &&
      (group === 'runtimes' || (id.startsWith('lib') && missingLibraries.length > 0)) &&
      summary !== '',
  );
  const [command] = told?.commands ?? [];
  return {
    outcome: 'fail',
    summary: told?.summary ?? `${runtime.path} could not be judged.`,
    runtime: runtime.path,
    next: told?.fix ?? 'See what it says when it starts.',
    command: command ?? `${quote(runtime.path)} --list-devices 2>&1 | llcuda explain`,
  };
}

function describeNoRuntime(context: CheckContext): DoctorVerdict {
  const { devices, facts } = context;
  const who = describeGpuList(listVisibleGpus(facts));
  const command = createBuildCommand(context);
  const build = describeBestBuild(devices);
  return {
    outcome: 'no-runtime',
    summary: `${who} is ready, and no llama.cpp for it is here: ${build} runs natively.`,
    next: command === undefined ? `Get ${build}.` : 'Build llama.cpp here.',
    ...(command !== undefined && { command }),
  };
}
