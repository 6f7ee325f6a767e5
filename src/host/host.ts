import type { BinaryReading } from './binary-evidence.ts';

/** Everything that looking at the machine needs. The real one wraps Node; tests and snapshots have one made of data. */
export interface Host {
  readonly platform: NodeJS.Platform;
  /** Processor architecture in Node's words: `x64`, `arm64`. */
  readonly arch: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly homeDirectory: string;
  readonly workingDirectory: string;
  /** Cores this process may use, by its CPU affinity. Container quotas are not in it. */
  readonly coreCount: number;
  /** `undefined` when there is no such file, it may not be read, or it is larger than 8 MB. */
  readText(path: string): Promise<string | undefined>;
  /** Names in a folder, sorted; empty when there is no such folder or it may not be read. */
  list(path: string): Promise<readonly string[]>;
  /** What is at a path, links followed; `undefined` when nothing is, or a link leads nowhere. */
  findEntry(path: string): Promise<HostEntry | undefined>;
  /** Free bytes on the disk of an existing path; `undefined` where that is not told. */
  findFreeBytes(path: string): Promise<number | undefined>;
  /** Reads the GPU code and the needed libraries of a binary, headers only. */
  readBinary(path: string): Promise<BinaryReading>;
  /**
   * Runs a program without a shell. A program that fails or is not installed is a value, not an exception.
   * `NATIVE_PROBE` names the program of llcuda's own that asks libcuda and NVML.
   */
  run(command: string, args: readonly string[], options?: RunOptions): Promise<RunResult>;
}

/** The command that `Host.run` knows without looking at PATH: with `libcuda` or `nvml`, it prints a `NativeAnswer`. */
export const NATIVE_PROBE = 'llcuda-native-probe';

export interface HostEntry {
  readonly kind: 'file' | 'folder' | 'other';
  /** Behind its symbolic links. */
  readonly realPath: string;
  readonly sizeBytes: number;
  readonly isReadable: boolean;
  readonly isWritable: boolean;
}

export interface RunOptions {
  readonly workingDirectory?: string | undefined;
  /** Replaces the environment of the host. */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
  /**
   * Ends the program, with all that it started, when this process dies, however it dies, or when the signal fires. It
   * is asked first, and killed after 3 seconds. For programs that work for long. @defaultValue false
   */
  readonly endsWithParent?: boolean | undefined;
  /**
   * Gets what the program prints, both streams in one, as it comes. The result then holds none of it, and it may be of
   * any length. @defaultValue it is in the result
   */
  readonly onOutput?: ((text: string) => void) | undefined;
  /** After this time the program is killed and `exitCode` is `undefined`. @defaultValue no limit */
  readonly timeoutMs?: number | undefined;
  /** Kills the program and rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

export interface RunResult {
  /** `undefined` when the program is not installed, or was killed by a signal or by the time limit. */
  readonly exitCode: number | undefined;
  /** Whether there was a program to run. */
  readonly isInstalled: boolean;
  /** At most 1 MB: a program that prints more is stopped. */
  readonly stdout: string;
  /** At most 1 MB: a program that prints more is stopped. */
  readonly stderr: string;
  /** Name of the signal that ended the program by itself: `SIGSEGV`. */
  readonly signal?: string | undefined;
  /** Whether it was killed at its time limit. */
  readonly isTimedOut?: boolean | undefined;
}
