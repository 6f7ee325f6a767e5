import { describeGpu } from '../../compat/describe-host.ts';
import type { FailureCause } from '../../compat/verdict.ts';
import { formatBytes } from '../../units/format-bytes.ts';
import { formatDuration } from '../../units/format-duration.ts';
import type { Check } from '../check.ts';
import type { JudgedRuntime, RuntimeVerdict } from '../judge-runtimes.ts';
import { describeBestBuild, quote } from '../describe-llama-build.ts';
import { describeRuntimeFix } from '../describe-runtime-fix.ts';

/** What is compiled in less is hardly noticed. */
const NOTICED_SECONDS = 20;

/** They have checks of their own. */
const explained: Partial<Record<FailureCause, string>> = {
  'driver-is-stub': 'libcuda-stub',
  'forward-compat-unsupported': 'cuda-compat',
};

export const runtimeGpuCodeCheck: Check = {
  id: 'runtime-gpu-code',
  title: 'GPU code of llama-server',
  group: 'runtimes',
  needs: ['devices', 'server'],
  run: (context) => {
    const judged = context.runtimes.filter(({ runtime }) => runtime.hasCuda);
    const detail = judged.flatMap((item) => describeVerdicts(item));
    const failing = judged.find(({ outcome }) => outcome === 'fail');
    const failure = failing?.verdicts.find(({ verdict }) => verdict.outcome === 'fail');
    if (failing !== undefined && failure !== undefined) {
      const see = explained[failure.verdict.cause ?? 'no-image'];
      if (see !== undefined) return { status: 'skip', summary: `Nothing runs: see ${see}.` };
      const number =
        failure.verdict.cudaError === null
          ? ''
          : ` It fails with CUDA error ${failure.verdict.cudaError}.`;
      // A later one that fails is not what would be taken.
      const isFirst = failing === judged[0];
      return {
        status: isFirst ? 'fail' : 'warn',
        summary: `${fileName(failure.path)} of ${failing.runtime.path}: ${failure.verdict.reason}${number}`,
        detail,
        ...describeRuntimeFix(failure, context),
      };
    }
    const [first] = judged;
    if (first === undefined)
      return { status: 'skip', summary: 'No llama-server here has GPU code.' };
    if (first.outcome === 'unknown') {
      return {
        status: 'warn',
        summary: `The GPU code of ${first.runtime.path} could not be read: ${findProblem(first)}`,
        fix: 'Look at the libraries beside it.',
        commands: [
          `llcuda inspect ${quote(first.runtime.path.replace(/\/[^/]*$/, ''))} --for host`,
        ],
      };
    }
    const seconds = Math.max(
      0,
      ...first.verdicts.map(({ verdict }) => verdict.jit?.estimatedSeconds ?? 0),
    );
    if (seconds >= NOTICED_SECONDS) {
      return {
        status: 'warn',
        summary: `${first.runtime.path} runs after the driver has compiled its PTX: some ${formatDuration(seconds * 1000)} at first use, then from its cache.`,
        detail,
        fix: `For a faster start, use ${describeBestBuild(context.devices)}.`,
      };
    }
    return {
      status: 'ok',
      summary: `${first.runtime.path} runs ${first.outcome === 'jit' ? 'after the driver has compiled it' : 'natively'}.`,
      detail,
    };
  },
};

function describeVerdicts({ runtime, verdicts }: JudgedRuntime): readonly string[] {
  return verdicts.map(
    (item) => `${runtime.path} on ${describeGpu(item.device.gpu)}: ${describeOutcome(item)}`,
  );
}

function describeOutcome({ verdict }: RuntimeVerdict): string {
  const { outcome, reason, jit } = verdict;
  const size = jit === undefined ? '' : ` (${formatBytes(jit.ptxBytes)} of PTX)`;
  return `${outcome}${size}. ${reason}`;
}

function findProblem({ runtime }: JudgedRuntime): string {
  const problem = runtime.binaries.find((binary) => binary.problem !== undefined)?.problem;
  return problem === undefined ? 'none was found.' : `${problem.replace(/\.$/, '')}.`;
}

function fileName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
