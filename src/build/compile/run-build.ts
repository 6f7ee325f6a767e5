import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { explainLog } from '../../doctor/explain/explain-log.ts';
import { LlcudaError } from '../../errors/llcuda-error.ts';
import type { ProgressSink } from '../../events/progress-event.ts';
import type { Host } from '../../host/host.ts';
import { formatDuration } from '../../units/format-duration.ts';
import type { BuildSource } from '../source/build-source.ts';
import type { Toolchain } from '../toolchain/toolchain.ts';
import { markBuildFolder, openBuildFolder } from './build-folder.ts';
import { BuildLog } from './build-log.ts';
import { findFailure } from './find-failure.ts';
import { findSlowestUnit, type BuiltUnit } from './find-slowest-unit.ts';
import { NINJA_STATUS, parseBuildStatus } from './parse-build-status.ts';

export interface BuildRun {
  readonly host: Host;
  readonly source: BuildSource;
  readonly toolchain: Toolchain;
  /** Of `listCmakeArguments`. */
  readonly cmakeArguments: readonly string[];
  readonly directory: string;
  readonly logPath: string;
  readonly targets: readonly string[];
  readonly jobs: number;
  readonly onProgress?: ProgressSink | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface BuildRunResult {
  readonly durationMs: number;
  /** The unit that took longest of all that this folder has built. `undefined` with make. */
  readonly slowest: BuiltUnit | undefined;
  /** Fewer than asked for when a compiler was killed for memory. */
  readonly jobs: number;
}

/**
 * Configures and compiles, or goes on where an interrupted build stopped. All output goes to the log. Ends with this
 * process and with the signal, and leaves no compiler behind. Throws `BUILD_FAILED`, `DISK_FULL`.
 */
export async function runBuild(run: BuildRun): Promise<BuildRunResult> {
  const { directory, toolchain, onProgress } = run;
  const startedAt = performance.now();
  const state = await openBuildFolder(directory, toolchain.generator.name);
  if (state === undefined) {
    onProgress?.({ type: 'step', message: 'Configuring llama.cpp' });
    await runStep(run, 'configure', listConfigure(run));
    await markBuildFolder(directory, 'configured');
  } else if (state === 'compiling') {
    onProgress?.({ type: 'notice', message: 'Going on with the build that was interrupted' });
  }
  await markBuildFolder(directory, 'compiling');
  const jobs = await compile(run);
  await markBuildFolder(directory, 'compiled');
  const ninjaLog = await readFile(join(directory, '.ninja_log'), 'utf8').catch(() => '');
  const durationMs = Math.round(performance.now() - startedAt);
  return { durationMs, slowest: findSlowestUnit(ninjaLog), jobs };
}

/** Once more with half the jobs when a compiler was killed for memory. */
async function compile(run: BuildRun): Promise<number> {
  try {
    await runStep(run, 'compile', listCompile(run, run.jobs));
    return run.jobs;
  } catch (error) {
    if (!(error instanceof OutOfMemoryError) || run.jobs === 1) throw asPublic(error);
    const jobs = Math.max(1, Math.floor(run.jobs / 2));
    const message = `A compiler was killed for memory: going on with ${jobs} instead of ${run.jobs} at once`;
    run.onProgress?.({ type: 'notice', message });
    await runStep(run, 'compile', listCompile(run, jobs)).catch((again: unknown) => {
      throw asPublic(again);
    });
    return jobs;
  }
}

function listConfigure({
  toolchain,
  source,
  directory,
  cmakeArguments,
}: BuildRun): readonly string[] {
  const { cmake, generator } = toolchain;
  return [
    cmake.path,
    '-G',
    generator.name,
    '-S',
    source.directory,
    '-B',
    directory,
    ...cmakeArguments,
  ];
}

/** Not through cmake: one process less between the signal and the compilers. */
function listCompile({ toolchain, directory, targets }: BuildRun, jobs: number): readonly string[] {
  return [toolchain.generator.path, '-C', directory, '-j', String(jobs), ...targets];
}

class OutOfMemoryError extends Error {
  readonly failed: LlcudaError;

  constructor(failed: LlcudaError) {
    super(failed.message);
    this.failed = failed;
  }
}

function asPublic(error: unknown): unknown {
  return error instanceof OutOfMemoryError ? error.failed : error;
}

async function runStep(
  run: BuildRun,
  step: 'configure' | 'compile',
  [command = '', ...args]: readonly string[],
): Promise<void> {
  const { host, directory, signal, source } = run;
  const log = new BuildLog(run.logPath, createStatusReader(run));
  const env = {
    ...host.env,
    NINJA_STATUS,
    LC_ALL: 'C',
    // ggml asks git for a commit: not that of a repository around the store.
    GIT_CEILING_DIRECTORIES: dirname(source.directory),
  };
  try {
    log.add(`$ ${[command, ...args].join(' ')}\n`);
    const onOutput = (text: string): void => log.add(text);
    const options = { workingDirectory: directory, env, endsWithParent: true, signal, onOutput };
    const { exitCode } = await host.run(command, args, options);
    if (exitCode !== 0) throw asError({ step, exitCode, log });
  } finally {
    await log.close();
  }
}

function createStatusReader({ onProgress }: BuildRun): (line: string) => void {
  const startedAt = performance.now();
  return (line) => {
    const status = parseBuildStatus(line);
    if (status === undefined || onProgress === undefined) return;
    const { done, total } = status;
    const elapsedMs = performance.now() - startedAt;
    const remainingMs = done === 0 ? undefined : (elapsedMs / done) * (total - done);
    onProgress({ type: 'work', label: 'Compiling', done, total, remainingMs });
  };
}

function asError(facts: {
  readonly step: 'configure' | 'compile';
  readonly exitCode: number | undefined;
  readonly log: BuildLog;
}): Error {
  const { step, exitCode, log } = facts;
  const { cause, lines } = findFailure(log.lines);
  if (cause === 'disk-full' || isFull(log.writeError)) {
    return new LlcudaError('DISK_FULL', `The disk is full: the build needs more of it`, {
      detail: { path: log.path },
      hint: 'Free some space, or set LLCUDA_HOME to a folder on another disk; then run it again: it goes on.',
    });
  }
  const [known] = explainLog(lines.join('\n')).errors;
  const what = step === 'configure' ? 'cmake could not configure it' : 'a compiler failed';
  const reason = known === undefined ? '' : `: ${known.title}`;
  const failed = new LlcudaError('BUILD_FAILED', `llama.cpp was not built: ${what}${reason}`, {
    detail: { step, ...(exitCode !== undefined && { exitCode }), logPath: log.path, log: lines },
    hint: known?.fix ?? `Read ${log.path}.`,
  });
  return cause === 'out-of-memory' ? new OutOfMemoryError(failed) : failed;
}

function isFull(error: Error | undefined): boolean {
  return error !== undefined && 'code' in error && error.code === 'ENOSPC';
}

/** `mmq.cu.o, 1 min 20 s`. */
export function formatSlowest({ output, durationMs }: BuiltUnit): string {
  return `${output.split('/').at(-1)}, ${formatDuration(durationMs)}`;
}
