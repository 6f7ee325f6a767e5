import { readDoctorEvidence, type DoctorEvidence } from '../../src/doctor/doctor-evidence.ts';
import type { HostFacts } from '../../src/probe/host-facts.ts';
import { probeHost } from '../../src/probe/probe-host.ts';
import { loadHost, type HostName } from './load-host.ts';

export type Mutable<Value> = { -readonly [Name in keyof Value]: Mutable<Value[Name]> };

export interface Examined {
  facts: Mutable<HostFacts>;
  evidence: Mutable<DoctorEvidence>;
}

/** What is known of a host of the fixtures, to be changed. */
export async function examineFixture(name: HostName): Promise<Examined> {
  const host = await loadHost(name);
  const [facts, evidence] = await Promise.all([probeHost(host), readDoctorEvidence(host)]);
  return structuredClone({ facts, evidence }) as Examined;
}
