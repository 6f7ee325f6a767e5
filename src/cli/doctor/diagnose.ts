import { resolve } from 'node:path';
import type { DoctorReport } from '../../doctor/doctor-report.ts';
import { readDoctorEvidence } from '../../doctor/doctor-evidence.ts';
import type { Host } from '../../host/host.ts';
import { probeHost } from '../../probe/probe-host.ts';
import type { CommandContext } from '../command.ts';

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
  if (only !== undefined) (await import('./check-ids.ts')).checkIds(only);
  const looked = from === undefined ? host : await openSnapshot(from, { host, signal });
  const report =
    snapshot === undefined
      ? await examine(looked, { only, signal })
      : await examineAndRecord(looked, {
          only,
          signal,
          path: resolve(host.workingDirectory, snapshot),
        });
  if (snapshot !== undefined && !isQuiet) {
    io.stderr.write(`Wrote ${snapshot}: look through it before you pass it on.\n`);
  }
  return {
    report: markdown ? await redact(report, looked) : report,
    isMarkdown: markdown,
    isStrict: strict === true,
    isVerbose,
    isPartial: only !== undefined,
  };
}

// What only some flags need is imported where they are followed.

async function openSnapshot(
  path: string,
  context: Pick<CommandContext, 'host' | 'signal'>,
): Promise<Host> {
  const { readSnapshotHost } = await import('../read-snapshot-host.ts');
  return readSnapshotHost(path, context);
}

async function redact(report: DoctorReport, host: Host): Promise<DoctorReport> {
  const { redactReport } = await import('./redact-report.ts');
  return redactReport(report, host);
}

interface ExamineOptions {
  readonly only: DiagnoseFlags['only'];
  readonly signal: AbortSignal;
}

async function examineAndRecord(
  host: Host,
  { path, ...options }: ExamineOptions & { readonly path: string },
): Promise<DoctorReport> {
  const { recordHost } = await import('../../host/snapshot/record-host.ts');
  const { writeAtomically } = await import('../../files/write-atomically.ts');
  const recording = recordHost(host);
  const report = await examine(recording.host, options);
  await writeAtomically(path, `${JSON.stringify(recording.createSnapshot(), null, 2)}\n`);
  return report;
}

/** The checks are loaded while the machine answers. */
async function examine(host: Host, { only, signal }: ExamineOptions): Promise<DoctorReport> {
  const [facts, evidence, { runDoctor }] = await Promise.all([
    probeHost(host, { signal }),
    readDoctorEvidence(host, { signal }),
    import('../../doctor/run-doctor.ts'),
  ]);
  return runDoctor(facts, { evidence, only });
}
