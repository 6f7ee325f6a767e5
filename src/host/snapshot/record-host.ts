import type { Host, HostEntry, RunResult } from '../host.ts';
import { redactSnapshot } from './redact-snapshot.ts';
import { packBinary } from './snapshot-binary.ts';
import type { Snapshot, SnapshotBinary } from './snapshot.ts';

export interface HostRecording {
  /** The host to probe in place of the other: it keeps what it is asked for. */
  readonly host: Host;
  /** What was kept so far, without names, serial numbers and secrets. */
  readonly createSnapshot: () => Snapshot;
}

/** Records every file, folder, program and binary that is asked for. What is not there is not recorded. */
export function recordHost(host: Host): HostRecording {
  const files: Record<string, string> = {};
  const folders: Record<string, readonly string[]> = {};
  const entries: Record<string, HostEntry> = {};
  const freeBytes: Record<string, number> = {};
  const commands: Record<string, RunResult> = {};
  const binaries: Record<string, SnapshotBinary> = {};
  const { platform, arch, homeDirectory, workingDirectory, coreCount } = host;
  return {
    host: {
      ...host,
      readText: async (path) => keep(files, path, await host.readText(path)),
      list: async (path) => {
        const names = await host.list(path);
        if (names.length > 0) folders[path] = names;
        return names;
      },
      findEntry: async (path) => keep(entries, path, await host.findEntry(path)),
      findFreeBytes: async (path) => keep(freeBytes, path, await host.findFreeBytes(path)),
      readBinary: async (path) => {
        const reading = await host.readBinary(path);
        binaries[path] = packBinary(reading);
        return reading;
      },
      run: async (command, args, options) => {
        const result = await host.run(command, args, options);
        if (result.isInstalled) commands[[command, ...args].join(' ')] = result;
        return result;
      },
    },
    createSnapshot: () =>
      redactSnapshot({
        schemaVersion: 1,
        host: {
          platform,
          arch,
          homeDirectory,
          workingDirectory,
          coreCount,
          env: keepSet(host.env),
        },
        files: { ...files },
        folders: { ...folders },
        entries: { ...entries },
        freeBytes: { ...freeBytes },
        commands: { ...commands },
        binaries: { ...binaries },
      }),
  };
}

function keep<Value>(
  table: Record<string, Value>,
  key: string,
  value: Value | undefined,
): Value | undefined {
  if (value !== undefined) table[key] = value;
  return value;
}

function keepSet(env: Host['env']): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}
