import type { Host, RunResult } from './host.ts';

export interface DataHostInput extends Partial<Omit<Host, 'readText' | 'list' | 'run'>> {
  /** Path to contents. */
  readonly files?: Readonly<Record<string, string>>;
  /** Full command line to what it prints and its exit code. */
  readonly commands?: Readonly<Record<string, Partial<RunResult>>>;
}

/** A machine made of data: what tests and replayed snapshots look at. */
export function createDataHost(input: DataHostInput = {}): Host {
  const files = new Map(Object.entries(input.files ?? {}));
  const commands = new Map(Object.entries(input.commands ?? {}));
  return {
    platform: input.platform ?? 'linux',
    arch: input.arch ?? 'x64',
    env: input.env ?? {},
    homeDirectory: input.homeDirectory ?? '/home/user',
    workingDirectory: input.workingDirectory ?? '/home/user',
    coreCount: input.coreCount ?? 4,
    readText: async (path) => files.get(path),
    list: async (path) => childNames([...files.keys()], path),
    run: async (command, args, options) => {
      options?.signal?.throwIfAborted();
      const output = commands.get([command, ...args].join(' '));
      if (!output) return { exitCode: undefined, isInstalled: false, stdout: '', stderr: '' };
      return { exitCode: 0, isInstalled: true, stdout: '', stderr: '', ...output };
    },
  };
}

function childNames(paths: readonly string[], folder: string): readonly string[] {
  const prefix = folder.endsWith('/') ? folder : `${folder}/`;
  const names = paths
    .filter((path) => path.startsWith(prefix))
    .map((path) => path.slice(prefix.length).split('/')[0] ?? '');
  return [...new Set(names)].sort();
}
