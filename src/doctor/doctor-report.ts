import type { CheckGroup, CheckStatus } from './check.ts';

/** What `llcuda doctor --json` prints. Fields without a value are left out. */
export interface DoctorReport {
  readonly schemaVersion: 1;
  readonly verdict: DoctorVerdict;
  readonly host: HostSummary;
  /** How many checks came out how; those of `checks`. */
  readonly counts: Readonly<Record<CheckStatus, number>>;
  /** Group by group, in the order of the report. */
  readonly checks: readonly CheckResult[];
}

/** What will run here, and the one thing to do next. */
export interface DoctorVerdict {
  /**
   * `native` and `jit`: a llama.cpp of this host runs on every GPU, as it is or after the driver has compiled it. `fail`: there is a
   * GPU and something keeps llama.cpp off it. `no-runtime`: the GPU is ready, a llama.cpp for it is not here. `processor`:
   * there is no GPU to use.
   */
  readonly outcome: 'native' | 'jit' | 'fail' | 'no-runtime' | 'processor';
  readonly summary: string;
  /** Path of the llama-server that it is about. */
  readonly runtime?: string;
  /** One imperative sentence. */
  readonly next: string;
  /** To be pasted. */
  readonly command?: string;
}

export interface HostSummary {
  /** `Ubuntu 24.04.3 LTS, x64, docker`. */
  readonly system: string;
  readonly gpus: readonly GpuSummary[];
  /** `580.159.04`. */
  readonly driver?: string;
  /** The CUDA version of the driver: `13.0`. */
  readonly cuda?: string;
}

export interface GpuSummary {
  readonly name: string;
  /** `9.0`. */
  readonly capability?: string;
  readonly memoryTotalBytes?: number;
}

export interface CheckResult {
  readonly id: string;
  readonly title: string;
  readonly group: CheckGroup;
  readonly status: CheckStatus;
  readonly summary: string;
  readonly detail?: readonly string[];
  /** Of `warn` and `fail`. */
  readonly fix?: string;
  readonly commands?: readonly string[];
}
