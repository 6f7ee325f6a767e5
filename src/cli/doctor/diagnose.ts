import { resolve } from 'node:path';
import type { DoctorReport } from '../../doctor/doctor-report.ts';
import { readDoctorEvidence } from '../../doctor/doctor-evidence.ts';
import { runDoctor } from '../../doctor/run-doctor.ts';
import { writeAtomically } from '../../files/write-atomically.ts';
import type { Host } from '../../host/host.ts';
import { recordHost } from '../../host/snapshot/record-host.ts';
import { probeHost } from '../../probe/probe-host.ts';
import type { CommandContext } from '../command.ts';
import { checkIds } from './check-ids.ts';
import { readSnapshotHost } from '../read-snapshot-host.ts';
import { redactReport } from './redact-report.ts';

export interface DiagnoseFlags {
  readonly only?: readonly string[] | undefined;
  readonly strict?: boolean | undefined;
  readonly markdown?: boolean | undefined;
  readonly snapshot?: string | undefined;
  readonly from?: string | undefined;
}

export interface Diagnosis {
  readonly report: DoctorReport;
  readonly isMarkdown: boolean;
  readonly isStrict: boolean;
  readonly isVerbose: boolean;
  /** Whether some checks were asked for by name. */
  readonly isPartial: boolean;
}

/** Diagnoses this machine, or that of a snapshot, and records it where that is asked for. */
export async function diagnose(
  { only, strict, markdown = false, snapshot, from }: DiagnoseFlags,
  { host, io, signal, isVerbose, isQuiet }: CommandContext,
): Promise<Diagnosis> {
  if (only !== undefined) checkIds(only);
  const looked = from === undefined ? host : await readSnapshotHost(from, { host, signal });
  const recording = snapshot === undefined ? undefined : recordHost(looked);
  const report = await examine(recording?.host ?? looked, { only, signal });
  if (snapshot !== undefined && recording !== undefined) {
    const text = `${JSON.stringify(recording.createSnapshot(), null, 2)}\n`;
    await writeAtomically(resolve(host.workingDirectory, snapshot), text);
    if (!isQuiet) io.stderr.write(`Wrote ${snapshot}: look through it before you pass it on.\n`);
  }
  return {
    report: markdown ? await redactReport(report, looked) : report,
    isMarkdown: markdown,
    isStrict: strict === true,
    isVerbose,
    isPartial: only !== undefined,
  };
}

async function examine(
  host: Host,
  { only, signal }: { readonly only: DiagnoseFlags['only']; readonly signal: AbortSignal },
): Promise<DoctorReport> {
  const [facts, evidence] = await Promise.all([
    probeHost(host, { signal }),
    readDoctorEvidence(host, { signal }),
  ]);
  return runDoctor(facts, { evidence, only });
}
