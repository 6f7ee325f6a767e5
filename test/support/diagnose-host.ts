import { readDoctorEvidence } from '../../src/doctor/doctor-evidence.ts';
import type { DoctorReport } from '../../src/doctor/doctor-report.ts';
import { runDoctor } from '../../src/doctor/run-doctor.ts';
import type { Host } from '../../src/host/host.ts';
import { probeHost } from '../../src/probe/probe-host.ts';
import { loadHost, type HostName } from './load-host.ts';

/** The report on a host of the fixtures. */
export async function diagnoseFixture(name: HostName): Promise<DoctorReport> {
  return diagnoseHost(await loadHost(name));
}

export async function diagnoseHost(host: Host): Promise<DoctorReport> {
  const [facts, evidence] = await Promise.all([probeHost(host), readDoctorEvidence(host)]);
  return runDoctor(facts, { evidence });
}

/** What a person would act on, line by line: the verdict, then every problem with its fix. */
export function listProblems({ verdict, checks }: DoctorReport): string {
  const { outcome, summary, next, command } = verdict;
  const problems = checks.filter(({ status }) => status === 'warn' || status === 'fail');
  return [
    `${outcome}: ${summary}`,
    `  ${next}`,
    ...(command === undefined ? [] : [`  $ ${command}`]),
    ...problems.flatMap(({ id, status, summary: found, fix, commands = [] }) => [
      `${status} ${id}: ${found}`,
      `  ${fix}`,
      ...commands.map((line) => `  $ ${line}`),
    ]),
  ].join('\n');
}
