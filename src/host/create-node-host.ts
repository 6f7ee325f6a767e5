import { constants } from 'node:fs';
import { access, readdir, readFile, realpath, stat, statfs } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { availableParallelism, homedir } from 'node:os';
import {
  NATIVE_PROBE,
  type Host,
  type HostEntry,
  type RunOptions,
  type RunResult,
} from './host.ts';
import { runProgram } from './run-program.ts';

/** Output of a program that is kept, per stream. */
const OUTPUT_LIMIT_BYTES = 1_000_000;
/** No text that a probe reads comes near: a large one is not what it is taken for. */
const TEXT_LIMIT_BYTES = 8_000_000;
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
    readText: async (path) => readSmallText(path).catch(absent),
    list: async (path) => (await readdir(path).catch(() => [])).toSorted(byCodePoint),
    findEntry: async (path) => findEntry(path).catch(absent),
    findFreeBytes: async (path) => findFreeBytes(path).catch(absent),
    readBinary: async (path) => {
      // Only where there is a binary to read: a probe mostly has none, and a run never.
      const { readBinaryFile } = await import('./read-binary-file.ts');
      return readBinaryFile(path);
    },
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

/** Opening a pipe would wait for somebody to write to it. */
async function readSmallText(path: string): Promise<string | undefined> {
  const stats = await stat(path);
  return stats.isFile() && stats.size <= TEXT_LIMIT_BYTES ? readFile(path, 'utf8') : undefined;
}

async function findEntry(path: string): Promise<HostEntry> {
  // Alone first: mostly there is nothing, and that is all that counts then.
  const stats = await stat(path);
  const [realPath, isReadable, isWritable] = await Promise.all([
    realpath(path),
    isAllowed(path, constants.R_OK),
    isAllowed(path, constants.W_OK),
  ]);
  const kind = stats.isFile() ? 'file' : stats.isDirectory() ? 'folder' : 'other';
  return { kind, realPath, sizeBytes: stats.size, isReadable, isWritable };
}

async function isAllowed(path: string, mode: number): Promise<boolean> {
  return access(path, mode).then(
    () => true,
    () => false,
  );
}

async function findFreeBytes(path: string): Promise<number | undefined> {
  const { blocks, bavail, bsize } = await statfs(path);
  // Some network file systems tell nothing at all.
  return blocks === 0 ? undefined : bavail * bsize;
}

async function run(
  command: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<RunResult> {
  options.signal?.throwIfAborted();
  const isSupervised = options.endsWithParent === true;
  const isOwn = command === NATIVE_PROBE;
  const [file, fileArguments] = isOwn
    ? [process.execPath, [resolveOwn('#native-probe'), ...args]]
    : [command, args];
  // Windows needs more care to start programs: .cmd files, PATHEXT.
  if (!isSupervised && options.onOutput === undefined && process.platform !== 'win32') {
    return runProgram(file, fileArguments, options);
  }
  return isSupervised
    ? runWithLibrary(process.execPath, [resolveOwn('#supervisor'), file, ...fileArguments], options)
    : runWithLibrary(file, fileArguments, options);
}

async function runWithLibrary(
  file: string,
  args: readonly string[],
  options: RunOptions,
): Promise<RunResult> {
  const { execa } = await import('execa');
  const isSupervised = options.endsWithParent === true;
  const { onOutput } = options;
  const running = execa(file, args, {
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
  const timedOut = result.timedOut ? { isTimedOut: true } : {};
  // Not kept where it was given away, whatever the types say.
  if (onOutput) return { exitCode, isInstalled, stdout: '', stderr: '', ...timedOut };
  return { exitCode, isInstalled, stdout: result.stdout, stderr: result.stderr, ...timedOut };
}

function resolveOwn(name: '#native-probe' | '#supervisor'): string {
  return createRequire(import.meta.url).resolve(name);
}
