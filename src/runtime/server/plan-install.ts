import { LlcudaError } from '../../errors/llcuda-error.ts';
import type { BundleSummary } from '../bundle/bundle-manifest.ts';
import type { HostProfile } from './host-profile.ts';
import type { InstallCandidate } from './install-source.ts';
import {
  judgeBundle,
  isForMachine,
  rankGpuCode,
  type BundleOutcome,
  type Judgement,
  type JudgeOptions,
} from './judge-bundle.ts';

/** Candidates that are explained in words. An index can have thousands. */
const EXPLAINED_MAXIMUM = 5;

export interface JudgedBundle extends InstallCandidate {
  readonly outcome: BundleOutcome;
  /** Of the first five only. */
  readonly judgement: Judgement | undefined;
}

export interface InstallPlan {
  /** The best one. `undefined`: none runs here. */
  readonly chosen: JudgedBundle | undefined;
  /** All, the best first; of equals the first of the first index. */
  readonly ranked: readonly JudgedBundle[];
}

const order: Readonly<Record<BundleOutcome, number>> = { native: 0, jit: 1, cpu: 2, fail: 3 };

/** Judges every candidate for a machine and chooses one. */
export function planInstall(
  candidates: readonly InstallCandidate[],
  profile: HostProfile,
  options: JudgeOptions,
): InstallPlan {
  const rank = createRanking(profile, options);
  const ranked = candidates
    .map((candidate) => ({ candidate, outcome: rank(candidate.bundle) }))
    .sort((left, right) => order[left.outcome] - order[right.outcome])
    .map(({ candidate, outcome }, position) => ({
      bundle: candidate.bundle,
      index: candidate.index,
      outcome,
      judgement:
        position < EXPLAINED_MAXIMUM ? judgeBundle(candidate.bundle, profile, options) : undefined,
    }));
  const [first] = ranked;
  return { chosen: first?.outcome === 'fail' ? undefined : first, ranked };
}

/** The GPU code of bundles that are alike is one object (`parseIndex`), and is judged once. */
function createRanking(
  profile: HostProfile,
  options: JudgeOptions,
): (summary: BundleSummary) => BundleOutcome {
  const known = new Map<BundleSummary['gpu'], BundleOutcome>();
  return (summary) => {
    if (!isForMachine(summary, profile, options)) return 'fail';
    const found = known.get(summary.gpu) ?? rankGpuCode(summary, profile);
    known.set(summary.gpu, found);
    return found;
  };
}

/** `RUNTIME_UNFIT`: why none of some bundles runs here, and what would. */
export function unfit(
  judged: readonly { readonly name: string; readonly judgement: Judgement | undefined }[],
): LlcudaError<'RUNTIME_UNFIT'> {
  const candidates = judged.flatMap(({ name, judgement }) =>
    judgement === undefined
      ? []
      : [
          {
            bundle: name,
            reason: judgement.reason,
            ...(judgement.fix !== undefined && { fix: judgement.fix }),
          },
        ],
  );
  const [first] = candidates;
  const message =
    judged.length === 1
      ? `${first?.bundle ?? 'The bundle'} does not run on this machine: ${first?.reason ?? ''}`
      : `None of the ${judged.length} bundles runs on this machine; the nearest is ${first?.bundle ?? ''}: ${first?.reason ?? ''}`;
  return new LlcudaError('RUNTIME_UNFIT', message, {
    detail: { candidates },
    hint:
      candidates.find(({ fix }) => fix !== undefined)?.fix ??
      'Build one for this machine with `llcuda build`.',
  });
}
