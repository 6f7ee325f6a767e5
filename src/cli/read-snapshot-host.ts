import { readFile, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { LlcudaError } from '../errors/llcuda-error.ts';
import { asReadError } from '../files/as-read-error.ts';
import type { Host } from '../host/host.ts';
import { createSnapshotHost } from '../host/snapshot/create-snapshot-host.ts';
import { SNAPSHOT_LIMIT_BYTES } from '../host/snapshot/limits.ts';
import { parseSnapshot } from '../host/snapshot/parse-snapshot.ts';

export interface ReadSnapshotOptions {
  /** The machine that the file is on. */
  readonly host: Pick<Host, 'workingDirectory'>;
  readonly signal: AbortSignal;
}

/** The machine of a snapshot. Throws `SOURCE_UNREADABLE`, `SNAPSHOT_INVALID`, `SNAPSHOT_TOO_NEW`. */
export async function readSnapshotHost(
  file: string,
  { host, signal }: ReadSnapshotOptions,
): Promise<Host> {
  const path = resolve(host.workingDirectory, file);
  try {
    const info = await stat(path);
    if (!info.isFile()) throw unreadable(file, 'it is not a regular file');
    if (info.size > SNAPSHOT_LIMIT_BYTES) throw unreadable(file, 'it is too large for a snapshot');
    return createSnapshotHost(parseSnapshot(await readFile(path, { encoding: 'utf8', signal })));
  } catch (error) {
    signal.throwIfAborted();
    throw asReadError(error, file);
  }
}

function unreadable(source: string, reason: string): LlcudaError {
  return new LlcudaError('SOURCE_UNREADABLE', `Cannot read ${source}: ${reason}`, {
    detail: { source, reason },
    hint: 'Name a file that `llcuda doctor --snapshot FILE` wrote.',
  });
}
