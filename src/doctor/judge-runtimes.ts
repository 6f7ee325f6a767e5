import { checkCompatibility } from '../compat/check-compatibility.ts';
import type { HostDevice } from '../compat/host-device.ts';
import type { FileVerdict } from '../compat/verdict.ts';
import type { RuntimeFacts } from '../probe/facts/runtime-facts.ts';

/** The verdict on one library of a runtime, on one kind of GPU. */
export interface RuntimeVerdict {
  readonly device: HostDevice;
  /** Path of the library. */
  readonly path: string;
  readonly verdict: FileVerdict;
}

export interface JudgedRuntime {
  readonly runtime: RuntimeFacts;
  /** Sonames that one of its binaries needs and that are nowhere. */
  readonly missingLibraries: readonly string[];
  /** The worst of its libraries, for each device. Empty for a runtime without GPU code. */
  readonly verdicts: readonly RuntimeVerdict[];
  /** The worst over the devices. `unknown`: it has GPU code that could not be read. `none`: it has none, or nothing to run on. */
  readonly outcome: 'native' | 'jit' | 'fail' | 'none' | 'unknown';
  /** Whether it can be expected to run on every GPU: the rules say so, no library is missing, it started. */
  readonly isUsable: boolean;
}

/** What the rules say of each llama.cpp on each device. Missing libraries are told apart from that. */
export function judgeRuntimes(
  runtimes: readonly RuntimeFacts[],
  devices: readonly HostDevice[],
): readonly JudgedRuntime[] {
  return runtimes.map((runtime) => judgeRuntime(runtime, devices));
}

function judgeRuntime(runtime: RuntimeFacts, devices: readonly HostDevice[]): JudgedRuntime {
  const missing = runtime.binaries.flatMap(({ missingLibraries }) => missingLibraries);
  const verdicts = devices.flatMap((device) => findWorst(judgeBinaries(runtime, device)) ?? []);
  const isUnread =
    runtime.hasCuda && devices.length > 0 && verdicts.every((item) => isWithoutCode(item));
  const outcome = isUnread ? 'unknown' : (findWorst(verdicts)?.verdict.outcome ?? 'none');
  const isUsable =
    (outcome === 'native' || outcome === 'jit') &&
    missing.length === 0 &&
    runtime.problem === undefined;
  return { runtime, missingLibraries: [...new Set(missing)], verdicts, outcome, isUsable };
}

function judgeBinaries(runtime: RuntimeFacts, device: HostDevice): readonly RuntimeVerdict[] {
  return runtime.binaries.flatMap(({ path, evidence }) => {
    if (evidence === undefined || evidence.code.fatbins.length === 0) return [];
    return [{ device, path, verdict: checkCompatibility(evidence.code, device) }];
  });
}

function isWithoutCode({ verdict }: RuntimeVerdict): boolean {
  return verdict.outcome === 'none';
}

const severity: Readonly<Record<FileVerdict['outcome'], number>> = {
  none: 0,
  native: 1,
  jit: 2,
  fail: 3,
};

/** The first of the worst. */
function findWorst(verdicts: readonly RuntimeVerdict[]): RuntimeVerdict | undefined {
  return verdicts.toSorted(
    (left, right) => severity[right.verdict.outcome] - severity[left.verdict.outcome],
  )[0];
}
