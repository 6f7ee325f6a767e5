import type { FileVerdict } from '../../compat/verdict.ts';
import type { HostDevice, OperatingSystem } from '../../compat/host-device.ts';
import type { FileReport, UnreadableFile } from '../../inspect/inspect-report.ts';

/** A value of `--for`, and the host that it stands for. `host` on a machine with two kinds of GPU is two of them. */
export interface InspectTarget {
  readonly text: string;
  readonly facts: HostDevice;
  /** Whether its operating system was given, or is that of this machine. If not, a file for Windows is judged there. */
  readonly isSystemStated: boolean;
}

/** A target as `--json` has it. */
export interface TargetReport {
  /** As it was given after `--for`. */
  readonly target: string;
  readonly gpu?: string;
  /** `7.5`. */
  readonly capability: string;
  readonly driver?: string;
  readonly cuda: string;
  /** Files for Windows are judged there all the same, unless `--for` gives it or says `host`. */
  readonly os: OperatingSystem;
  /** `CUDA_FORCE_PTX_JIT=1` and `CUDA_DISABLE_PTX_JIT=1`, where they are set. */
  readonly environment: readonly string[];
}

/** What `llcuda inspect --json` prints: the report of `inspectBinary` over all paths, with several targets judged. */
export interface InspectionReport {
  readonly schemaVersion: 1;
  /** Only with `--for`. */
  readonly targets?: readonly TargetReport[];
  readonly files: readonly InspectionFile[];
}

export type InspectionFile = JudgedFile | UnreadableFile;

/** `verdict` is the worst one. */
export interface JudgedFile extends FileReport {
  /** In the order of `targets`; only with more than one of them. */
  readonly verdicts?: readonly TargetVerdict[];
}

export interface TargetVerdict extends FileVerdict {
  /** As it was given after `--for`. */
  readonly target: string;
}
