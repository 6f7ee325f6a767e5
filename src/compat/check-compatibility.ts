import { checkHost } from './check-host.ts';
import type { CompatCode, CompatFatbin } from './compat-image.ts';
import { completeVerdict } from './complete-verdict.ts';
import type { Finding } from './finding.ts';
import type { HostDevice } from './host-device.ts';
import { judgeFatbin, listDistinctFatbins, listJudgedFatbins } from './judge-fatbin.ts';
import type { FileVerdict, Outcome } from './verdict.ts';

/**
 * Whether the GPU code of a file runs on a host: the verdict of the worst of its fatbins, the first one of those. A file
 * that mixes translation units can load and still fail at the first kernel of one of them. Never throws.
 */
export function checkCompatibility(code: CompatCode, host: HostDevice): FileVerdict {
  const fatbins = listJudgedFatbins(code);
  const distinct = listDistinctFatbins(fatbins);
  const judge = (images: (typeof fatbins)[number]['images'], other: HostDevice): Finding =>
    judgeFatbin(images, other, code.runtimeMajor);
  const findings = fatbins.map(({ images }) => judge(images, host));
  const worst = findWorst(findings);
  if (worst === undefined) return describeNoGpuCode(code, host);
  const isAffected = findings.map((finding) => isSameOutcome(finding, worst));
  const judged = countFatbins(fatbins);
  const affected = countFatbins(fatbins.filter((_, index) => isAffected[index]));
  const ptxBytes = findings.reduce(
    (sum, item) => sum + (item.outcome === 'jit' ? item.ptxBytes : 0),
    0,
  );
  const whole = worst.outcome === 'jit' ? { ...worst, ptxBytes } : worst;
  const verdict = completeVerdict(whole, host, (other) =>
    distinct.every(({ images }) => judge(images, other).outcome !== 'fail'),
  );
  return {
    ...verdict,
    reason: addShare(verdict.reason, { affected, judged }),
    judgedFatbins: judged,
    affectedFatbins: affected,
  };
}

/** What `checkCompatibility` finds, without the drivers and GPUs that would do: a hundredth of the work. */
export function findOutcome(code: CompatCode, host: HostDevice): FileVerdict['outcome'] {
  const distinct = listDistinctFatbins(listJudgedFatbins(code));
  const findings = distinct.map(({ images }) => judgeFatbin(images, host, code.runtimeMajor));
  const worst = findWorst(findings);
  if (worst !== undefined) return worst.outcome;
  return checkHost(host, code.runtimeMajor)?.cause === 'libraries-missing' ? 'fail' : 'none';
}

function countFatbins(fatbins: readonly CompatFatbin[]): number {
  return fatbins.reduce((sum, { count = 1 }) => sum + count, 0);
}

const severity: Readonly<Record<Outcome, number>> = { native: 0, jit: 1, fail: 2 };

function findWorst(findings: readonly Finding[]): Finding | undefined {
  const highest = Math.max(...new Set(findings.map(({ outcome }) => severity[outcome])));
  return findings.find(({ outcome }) => severity[outcome] === highest);
}

function isSameOutcome(left: Finding, right: Finding): boolean {
  if (left.outcome !== 'fail' || right.outcome !== 'fail') return left.outcome === right.outcome;
  return left.cudaError === right.cudaError;
}

function addShare(
  reason: string,
  { affected, judged }: { readonly affected: number; readonly judged: number },
): string {
  return judged > 1 ? `${reason.replace(/\.$/, '')} (${affected} of ${judged} fatbins).` : reason;
}

/** Missing libraries stop a program without GPU code too; nothing else of this can. */
function describeNoGpuCode(code: CompatCode, host: HostDevice): FileVerdict {
  const counts = { judgedFatbins: 0, affectedFatbins: 0 };
  const failure = checkHost(host, code.runtimeMajor);
  if (failure?.cause === 'libraries-missing') {
    return { ...completeVerdict(failure, host, () => false), ...counts };
  }
  return {
    outcome: 'none',
    cudaError: null,
    cudaErrorName: null,
    cause: undefined,
    reason: 'The file holds no GPU code.',
    minimumDriver: undefined,
    minimumCuda: undefined,
    worksOn: [],
    fix: undefined,
    jit: undefined,
    ...counts,
  };
}
