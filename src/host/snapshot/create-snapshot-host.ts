import { createDataHost } from '../create-data-host.ts';
import type { Host } from '../host.ts';
import { unpackBinary } from './snapshot-binary.ts';
import type { Snapshot } from './snapshot.ts';

/** The machine that a snapshot is of. Nothing of the real one is looked at: paths in it are only names. */
export function createSnapshotHost(snapshot: Snapshot): Host {
  const { host, files, folders, entries, freeBytes, commands, binaries } = snapshot;
  return createDataHost({
    ...host,
    files,
    folders,
    entries,
    freeBytes,
    commands,
    binaries: Object.fromEntries(
      Object.entries(binaries).map(([path, binary]) => [path, unpackBinary(binary)]),
    ),
  });
}
