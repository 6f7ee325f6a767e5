import type { GpuFacts } from '../probe/facts/gpu-facts.ts';
import type { HostFacts } from '../probe/host-facts.ts';
import { formatComputeCapability } from '../units/compute-capability.ts';
import { formatCudaVersion } from '../units/cuda-version.ts';
import { stripControlCharacters } from '../units/strip-control-characters.ts';
import type { Check, CheckOutcome, CheckStatus } from './check.ts';
import { createCheckContext, type CheckContext } from './check-context.ts';
import { findUnmetNeed } from './check-needs.ts';
import { checks } from './checks.ts';
import { describeGpuFacts } from './describe-gpus.ts';
import type { DoctorEvidence } from './doctor-evidence.ts';
import type { CheckResult, DoctorReport, GpuSummary, HostSummary } from './doctor-report.ts';
import { findVerdict } from './find-verdict.ts';

export interface DoctorOptions {
  /** Of `readDoctorEvidence`. Checks that need it are skipped without. */
  readonly evidence?: DoctorEvidence | undefined;
  /** Ids of the checks to report; the verdict is that of all. @defaultValue all of them */
  readonly only?: readonly string[] | undefined;
}

/** Says what a host is, what will run on it, and how to mend what is wrong: the same report for the same facts. Never throws. */
export function runDoctor(facts: HostFacts, options: DoctorOptions = {}): DoctorReport {
  const { evidence, only } = options;
  const context = createCheckContext(facts, evidence);
  const results = checks.map((check) => runCheck(check, context));
  const shown = only === undefined ? results : results.filter(({ id }) => only.includes(id));
  return {
    schemaVersion: 1,
    verdict: cleanTexts(findVerdict(context, results)),
    host: cleanTexts(summarizeHost(facts)),
    counts: countStatuses(shown),
    checks: shown,
  };
}

function runCheck(check: Check, context: CheckContext): CheckResult {
  const { id, title, group } = check;
  const unmet = findUnmetNeed(check.needs ?? [], context);
  const outcome: CheckOutcome =
    unmet === undefined ? check.run(context) : { status: 'skip', summary: unmet };
  const { status, summary, detail = [] } = outcome;
  const isProblem = outcome.status === 'warn' || outcome.status === 'fail';
  const commands = isProblem ? (outcome.commands ?? []) : [];
  return cleanTexts({
    id,
    title,
    group,
    status,
    summary,
    ...(detail.length > 0 && { detail }),
    ...(isProblem && { fix: outcome.fix }),
    ...(commands.length > 0 && { commands }),
  });
}

/** Paths and names may hold anything; nothing of it is to reach a terminal, or end a line. */
function cleanTexts<Value>(value: Value): Value {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- The same shape: only texts are replaced.
  return cleanAny(value) as Value;
}

function cleanAny(value: unknown): unknown {
  if (typeof value === 'string') return stripControlCharacters(value);
  if (Array.isArray(value)) return value.map((item) => cleanAny(item));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, cleanAny(item)]));
}

function countStatuses(results: readonly CheckResult[]): Readonly<Record<CheckStatus, number>> {
  const counts = { ok: 0, warn: 0, fail: 0, skip: 0 };
  for (const { status } of results) counts[status] += 1;
  return counts;
}

function summarizeHost({ platform, gpus, driver }: HostFacts): HostSummary {
  const { osName, arch, container, service, isWsl } = platform;
  const places = [osName ?? platform.platform, arch, container, service, isWsl ? 'WSL' : undefined];
  const cuda = driver.effectiveCudaVersion ?? driver.cudaVersion;
  return {
    system: places.filter((place) => place !== undefined).join(', '),
    gpus: gpus.map((gpu) => summarizeGpu(gpu)),
    ...(driver.version !== undefined && { driver: driver.version }),
    ...(cuda !== undefined && { cuda: formatCudaVersion(cuda) }),
  };
}

function summarizeGpu(gpu: GpuFacts): GpuSummary {
  const { capability, memoryTotalBytes } = gpu;
  return {
    name: gpu.name ?? describeGpuFacts({ ...gpu, capability: undefined }),
    ...(capability !== undefined && { capability: formatComputeCapability(capability) }),
    ...(memoryTotalBytes !== undefined && { memoryTotalBytes }),
  };
}
