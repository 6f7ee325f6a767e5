import type { Host, HostEntry, RunResult } from '../host.ts';

/** The version of the format that this llcuda writes, and the newest that it reads. */
export const SNAPSHOT_SCHEMA_VERSION = 1;

/** What a probe saw of a machine, as a file: enough to give the same facts anywhere. */
export interface Snapshot {
  readonly schemaVersion: 1;
  /** Of the llcuda that recorded it. */
  readonly llcuda?: string | undefined;
  /** For fixtures: what the machine is, which parts were recorded on one, which are composed, and from what. */
  readonly origin?: SnapshotOrigin | undefined;
  readonly host: SnapshotHost;
  /** Path to contents. */
  readonly files: Readonly<Record<string, string>>;
  /** Path to names. */
  readonly folders: Readonly<Record<string, readonly string[]>>;
  readonly entries: Readonly<Record<string, Partial<HostEntry>>>;
  readonly freeBytes: Readonly<Record<string, number>>;
  readonly commands: Readonly<Record<string, Partial<RunResult>>>;
  readonly binaries: Readonly<Record<string, SnapshotBinary>>;
}

export interface SnapshotOrigin {
  readonly machine: string;
  readonly recorded: readonly string[];
  readonly composed: readonly string[];
}

export interface SnapshotHost extends Pick<
  Host,
  'platform' | 'arch' | 'homeDirectory' | 'workingDirectory' | 'coreCount'
> {
  readonly env: Readonly<Record<string, string>>;
}

/** `BinaryReading` in short. */
export type SnapshotBinary =
  | { readonly problem: string }
  | {
      readonly format: string;
      readonly sizeBytes: number;
      readonly architecture?: 'x86-64' | 'aarch64' | undefined;
      readonly runtimeMajor?: number | undefined;
      readonly toolkit?: string | undefined;
      readonly needed: readonly string[];
      readonly soname?: string | undefined;
      readonly rpath?: readonly string[] | undefined;
      readonly runpath?: readonly string[] | undefined;
      readonly glibc?: string | undefined;
      readonly glibcxx?: string | undefined;
      /** A fatbin in each: its images as `ptx compute_75 9.1 zstd 1200 9000`, sizes stored and decoded. */
      readonly fatbins: readonly SnapshotFatbin[];
    };

export interface SnapshotFatbin {
  /** How many fatbins of these very images there are. @defaultValue 1 */
  readonly count?: number | undefined;
  readonly isStub?: boolean | undefined;
  readonly section?: string | undefined;
  readonly images: readonly string[];
}
