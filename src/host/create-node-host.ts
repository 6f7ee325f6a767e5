import { readdir, readFile } from 'node:fs/promises';
import { availableParallelism, homedir } from 'node:os';
import type { Host, RunOptions, RunResult } from './host.ts';

/** Output of a program that is kept, per stream. */
const OUTPUT_LIMIT_BYTES = 1_000_000;

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
  const result = await execa(command, args, {
    reject: false,
    stdin: 'ignore',
    stripFinalNewline: false,
    maxBuffer: OUTPUT_LIMIT_BYTES,
    windowsHide: true,
    extendEnv: options.env === undefined,
    ...(options.env && { env: options.env }),
    ...(options.workingDirectory !== undefined && { cwd: options.workingDirectory }),
    ...(options.timeoutMs !== undefined && { timeout: options.timeoutMs }),
    ...(options.signal && { cancelSignal: options.signal }),
  });
  options.signal?.throwIfAborted();
  return {
    exitCode: result.exitCode,
    isInstalled: result.code !== 'ENOENT' && result.code !== 'EACCES',
    stdout: result.stdout,
    stderr: result.stderr,
  };
}
