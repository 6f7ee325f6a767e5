import { join } from 'node:path';
import type { Host, RunResult } from '../../host/host.ts';
import { stripControlCharacters } from '../../units/strip-control-characters.ts';
import type { LlamaCppVersion } from '../bundle/bundle-manifest.ts';

/** A cold start from a slow disk takes some seconds: CUDA libraries have hundreds of megabytes. */
const VERSION_TIMEOUT_MS = 60_000;
const LOG_LINES = 15;

/** What a llama-server says of itself, or why it says nothing. */
export type ServerVersion =
  | {
      readonly llamaCpp: LlamaCppVersion;
      readonly compiler: string | undefined;
      readonly failure?: undefined;
    }
  | { readonly llamaCpp?: undefined; readonly failure: string; readonly log: readonly string[] };

export interface AskServerOptions {
  readonly host: Host;
  readonly signal?: AbortSignal | undefined;
}

/** Path of the program in the folder of a runtime. */
export function serverProgramPath(directory: string, os: 'linux' | 'windows'): string {
  return join(directory, 'bin', os === 'windows' ? 'llama-server.exe' : 'llama-server');
}

/** Runs `llama-server --version`. A program that cannot be started here is a value. */
export async function askServerVersion(
  program: string,
  { host, signal }: AskServerOptions,
): Promise<ServerVersion> {
  const result = await host.run(program, ['--version'], { timeoutMs: VERSION_TIMEOUT_MS, signal });
  const text = `${result.stdout}\n${result.stderr}`;
  const version = /^version: (\w[\w.+-]{0,40})(?: \(([0-9a-f]{7,40})\))?/m.exec(text);
  if (result.exitCode !== 0 || version?.[1] === undefined) {
    return { failure: describeFailure(result), log: lastLines(text) };
  }
  const [, number, commit] = version;
  const compiler = /^built with (.{1,200})$/m.exec(text)?.[1]?.trim();
  return {
    llamaCpp: {
      // The number of a build, which releases write with a b.
      version: /^\d+$/.test(number) ? `b${number}` : number,
      ...(commit !== undefined && { commit }),
    },
    compiler: compiler === undefined ? undefined : stripControlCharacters(compiler),
  };
}

/** The end of what a program printed. */
export function lastLines(text: string): readonly string[] {
  const lines = text.split('\n').map((line) => stripControlCharacters(line).trimEnd());
  return lines.filter((line) => line !== '').slice(-LOG_LINES);
}

function describeFailure({ exitCode, isInstalled, stderr }: RunResult): string {
  if (!isInstalled) return 'it cannot be started on this machine';
  const missing = /error while loading shared libraries: ([^\n]{1,200})/.exec(stderr)?.[1];
  if (missing !== undefined) return stripControlCharacters(missing);
  if (exitCode === undefined) return 'it was killed, or did not end in time';
  return exitCode === 0 ? 'it states no version' : `it ended with exit code ${exitCode}`;
}
