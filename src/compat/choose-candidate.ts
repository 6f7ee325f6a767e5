import { checkCompatibility } from './check-compatibility.ts';
import type { CompatCode } from './compat-image.ts';
import type { HostDevice } from './host-device.ts';
import type { FileVerdict } from './verdict.ts';

/** One of several builds of the same thing. */
export interface Candidate {
  readonly code: CompatCode;
}

export interface JudgedCandidate<Kind extends Candidate> {
  readonly candidate: Kind;
  readonly verdict: FileVerdict;
}

export interface CandidateChoice<Kind extends Candidate> {
  /** The first one that runs on the GPU. `undefined`: none does. */
  readonly best: JudgedCandidate<Kind> | undefined;
  /** All of them: native, then jit, then without GPU code, then failing; else in the order given. */
  readonly ranked: readonly JudgedCandidate<Kind>[];
}

const order: Readonly<Record<FileVerdict['outcome'], number>> = {
  native: 0,
  jit: 1,
  none: 2,
  fail: 3,
};

/** Judges several builds on one host and ranks them. The order given decides between equals: put the preferred ones first. */
export function chooseCandidate<Kind extends Candidate>(
  candidates: readonly Kind[],
  host: HostDevice,
): CandidateChoice<Kind> {
  const ranked = candidates
    .map((candidate) => ({ candidate, verdict: checkCompatibility(candidate.code, host) }))
    .sort((left, right) => order[left.verdict.outcome] - order[right.verdict.outcome]);
  const [first] = ranked;
  const runs = first?.verdict.outcome === 'native' || first?.verdict.outcome === 'jit';
  return { best: runs ? first : undefined, ranked };
}
