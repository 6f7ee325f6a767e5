import type { HostDevice } from '../compat/host-device.ts';
import type { HostFacts } from '../probe/host-facts.ts';
import { listHostDevices } from '../probe/list-host-devices.ts';
import type { DoctorEvidence } from './doctor-evidence.ts';
import { isBuildCause } from './is-build-cause.ts';
import { judgeRuntimes, type JudgedRuntime } from './judge-runtimes.ts';

/** What checks look at. */
export interface CheckContext {
  readonly facts: HostFacts;
  /** What only the doctor asks of a host. */
  readonly evidence: DoctorEvidence | undefined;
  /** The GPUs as the rules see them. */
  readonly devices: readonly HostDevice[];
  /** Every llama.cpp of the host, with what the rules say of it on these devices. */
  readonly runtimes: readonly JudgedRuntime[];
}

export function createCheckContext(
  facts: HostFacts,
  evidence: DoctorEvidence | undefined,
): CheckContext {
  const devices = listHostDevices(facts);
  return { facts, evidence, devices, runtimes: judgeRuntimes(facts.runtimes, devices) };
}

/** Whether a build of llama.cpp is what this host lacks: there is a GPU, and what is here has no code for it, or none at all. */
export function isBuildUseful({ devices, runtimes }: CheckContext): boolean {
  if (devices.length === 0 || runtimes.some(({ isUsable }) => isUsable)) return false;
  const failures = runtimes
    .flatMap(({ verdicts }) => verdicts)
    .filter(({ verdict }) => verdict.outcome === 'fail');
  return failures.every(({ verdict }) => isBuildCause(verdict.cause));
}
