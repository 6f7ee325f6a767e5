import { readdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { availableParallelism, homedir } from 'node:os';
import type { Host, RunOptions, RunResult } from './host.ts';

/** Output of a program that is kept, per stream. */
const OUTPUT_LIMIT_BYTES = 1_000_000;
/** The supervisor's word for a program that is not there. */
const NOT_FOUND_EXIT_CODE = 127;

/** The machine this process runs on. */
export function createNodeHost(): Host {
  return {
    platform: process.platform,
    arch: process.arch,
    env: process.env,
    homeDirectory: homedir(),
    workingDirectory: process.cwd(),
    coreCount: availableParallelism(),
    readText: async (path) => readFile(path, 'utf8').catch(absent),
    list: async (path) => (await readdir(path).catch(() => [])).toSorted(byCodePoint),
    run,
  };
}

/** The same order everywhere, whatever the locale. */
function byCodePoint(left: string, right: string): number {
  return left < right ? -1 : Number(left > right);
}

/** A file that cannot be read tells a probe as little as one that is not there. */
function absent(): undefined {
  return undefined;
}

async function run(
  command: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<RunResult> {
  options.signal?.throwIfAborted();
  const { execa } = await import('execa');
  const isSupervised = options.endsWithParent === true;
  const [file, fileArguments] = isSupervised ? supervise(command, args) : [command, args];
  const { onOutput } = options;
  const running = execa(file, fileArguments, {
    all: onOutput !== undefined,
    buffer: onOutput === undefined,
    reject: false,
    stdin: 'ignore',
    ipc: isSupervised,
    stripFinalNewline: false,
    maxBuffer: OUTPUT_LIMIT_BYTES,
    windowsHide: true,
    extendEnv: options.env === undefined,
    ...(options.env && { env: options.env }),
    ...(options.workingDirectory !== undefined && { cwd: options.workingDirectory }),
    ...(options.timeoutMs !== undefined && { timeout: options.timeoutMs }),
    ...(options.signal && { cancelSignal: options.signal }),
  });
  if (onOutput) running.all?.setEncoding('utf8').on('data', onOutput);
  const result = await running;
  options.signal?.throwIfAborted();
  const isInstalled = isSupervised
    ? result.exitCode !== NOT_FOUND_EXIT_CODE
    : result.code !== 'ENOENT' && result.code !== 'EACCES';
  const exitCode = isInstalled ? result.exitCode : undefined;
  // Not kept where it was given away, whatever the types say.
  if (onOutput) return { exitCode, isInstalled, stdout: '', stderr: '' };
  return { exitCode, isInstalled, stdout: result.stdout, stderr: result.stderr };
}

function supervise(command: string, args: readonly string[]): readonly [string, readonly string[]] {
  const supervisor = createRequire(import.meta.url).resolve('#supervisor');
  return [process.execPath, [supervisor, command, ...args]];
}
