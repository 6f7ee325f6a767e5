import type { Readable } from 'node:stream';

/** A stream to write to: a terminal, a pipe, or what a test collects. */
export interface OutputStream {
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  write(text: string): unknown;
  /** Of a stream whose `write` gives false when it is full. */
  once?(event: 'drain', listener: () => void): unknown;
}

/** The three streams of the process. */
export interface CliIo {
  /** The result, nothing else. */
  readonly stdout: OutputStream;
  /** Everything else. */
  readonly stderr: OutputStream;
  readonly stdin: Readable & { readonly isTTY?: boolean | undefined };
}
