import { createRedactor, type Redactor } from './create-redactor.ts';
import { keepEnvironment } from './keep-environment.ts';
import { NAME_LIMIT_CHARACTERS } from './limits.ts';
import type { Snapshot, SnapshotBinary } from './snapshot.ts';

/** Names that a probe asks a folder for; the rest of a listing is nobody's business. */
const KEPT_NAME =
  /^(?:lib(?:cuda|cublas|nvidia|nccl|nv|stdc|gomp|gcc|c\.|m\.|dl\.|rt\.|pthread|ggml|llama|mtmd|curl|ssl|crypto)|ld-|nvidia|nvhost|nvmap|dxg|ggml|llama|mtmd|cuda|cu\d|cublas|nccl|version\.|bin$|compat$|lib(?:32|64)?$|targets$|include$|[\da-f]{4,8}:[\da-f]{2}:)/;

/** Other names do not come from llcuda itself, and would be refused when the snapshot is read. */
const NAME = /^[^\p{Cc}]+$/u;

/**
 * A copy without what tells whose machine it is: user name, home folder, host name, serial numbers, UUIDs, addresses,
 * tokens. Equal values become equal marks, so that what refers to each other still does.
 */
export function redactSnapshot(snapshot: Snapshot): Snapshot {
  const { host } = snapshot;
  const redactor = createRedactor(snapshot);
  const { text, path } = redactor;
  const needed = listNeeded(snapshot.binaries);
  return {
    ...snapshot,
    host: {
      ...host,
      homeDirectory: path(host.homeDirectory),
      workingDirectory: path(host.workingDirectory),
      env: mapTable(keepEnvironment(host.env), (value) => text(value), String),
    },
    files: mapTable(snapshot.files, (contents, name) => text(shorten(contents, name)), path),
    folders: mapTable(
      snapshot.folders,
      (names, folder) =>
        keepNames(names, { folder, needed })
          .filter((name) => NAME.test(name))
          .map(path),
      path,
    ),
    entries: mapTable(
      snapshot.entries,
      (entry) => ({
        ...entry,
        ...(entry.realPath !== undefined && { realPath: path(entry.realPath) }),
      }),
      path,
    ),
    freeBytes: mapTable(snapshot.freeBytes, (bytes) => bytes, path),
    commands: mapTable(
      snapshot.commands,
      (result, command) => ({
        ...result,
        stdout: text(shortenOutput(result.stdout ?? '', command, needed)),
        stderr: text(result.stderr ?? ''),
      }),
      text,
    ),
    binaries: mapTable(snapshot.binaries, (binary) => redactBinary(binary, redactor), path),
  };
}

function mapTable<Value, Mapped>(
  table: Readonly<Record<string, Value>>,
  mapValue: (value: Value, key: string) => Mapped,
  mapKey: (key: string) => string,
): Readonly<Record<string, Mapped>> {
  return Object.fromEntries(
    Object.entries(table)
      .filter(([key]) => NAME.test(key) && key.length <= NAME_LIMIT_CHARACTERS)
      .map(([key, value]) => [mapKey(key), mapValue(value, key)]),
  );
}

function redactBinary(binary: SnapshotBinary, { text, path }: Redactor): SnapshotBinary {
  if ('problem' in binary) return { problem: text(binary.problem) };
  const { rpath = [], runpath = [] } = binary;
  return { ...binary, rpath: rpath.map(path), runpath: runpath.map(path) };
}

/** Folders of one thing are kept whole; of those of everything, what is asked for. */
function keepNames(names: readonly string[], { folder, needed }: Kept): readonly string[] {
  const isShared = /^(?:\/usr)?\/(?:lib\d*|local|dev)(?:\/|$)|site-packages|dist-packages/.test(
    folder,
  );
  return isShared ? names.filter((name) => KEPT_NAME.test(name) || needed.has(name)) : names;
}

interface Kept {
  readonly folder: string;
  /** Sonames that a recorded binary needs. */
  readonly needed: ReadonlySet<string>;
}

function listNeeded(binaries: Snapshot['binaries']): ReadonlySet<string> {
  return new Set(
    Object.values(binaries).flatMap((binary) => ('needed' in binary ? binary.needed : [])),
  );
}

/** It tells much of this process; only the user's number is asked for. */
function shorten(contents: string, name: string): string {
  return name === '/proc/self/status'
    ? contents
        .split('\n')
        .filter((line) => line.startsWith('Uid:'))
        .join('\n')
    : contents;
}

/** The cache of the loader names everything that is installed. */
function shortenOutput(output: string, command: string, needed: ReadonlySet<string>): string {
  if (!command.endsWith('ldconfig -p')) return output;
  return output
    .split('\n')
    .filter((line) => {
      const name = line.trim().split(' ', 1)[0] ?? '';
      return KEPT_NAME.test(name) || needed.has(name);
    })
    .join('\n');
}
