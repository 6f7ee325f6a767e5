import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findFailure } from '../../src/build/compile/find-failure.ts';
import { findSlowestUnit } from '../../src/build/compile/find-slowest-unit.ts';
import { parseBuildStatus } from '../../src/build/compile/parse-build-status.ts';
import { runBuild, type BuildRun } from '../../src/build/compile/run-build.ts';
import type { ProgressEvent } from '../../src/events/progress-event.ts';
import { createNodeHost } from '../../src/host/create-node-host.ts';
import {
  canMountDisks,
  createTemporaryDirectory,
  mountSmallDisk,
  type TemporaryDirectory,
} from '../support/temporary-directory.ts';

let directory: TemporaryDirectory;
beforeEach(async () => (directory = await createTemporaryDirectory()));
afterEach(async () => directory[Symbol.asyncDispose]());

/** A project that real cmake and real ninja build, of commands that the test chooses instead of compilers. */
async function prepare(
  commands: Readonly<Record<string, string>>,
  build?: string,
): Promise<BuildRun & { readonly events: ProgressEvent[] }> {
  const source = join(directory.path, 'source');
  await mkdir(source, { recursive: true });
  const units = Object.entries(commands).map(
    ([name, command]) =>
      `add_custom_command(OUTPUT ${name}.o COMMAND sh -c [[${command}]] VERBATIM)`,
  );
  const outputs = Object.keys(commands)
    .map((name) => `${name}.o`)
    .join(' ');
  const text = `cmake_minimum_required(VERSION 3.14)\nproject(test NONE)\n${units.join('\n')}\nadd_custom_target(llama-server DEPENDS ${outputs})\n`;
  await writeFile(join(source, 'CMakeLists.txt'), text);
  const events: ProgressEvent[] = [];
  const root = build ?? directory.path;
  return {
    host: createNodeHost(),
    source: {
      kind: 'folder',
      name: 'source',
      directory: source,
      commit: undefined,
      isModified: true,
      sha256: undefined,
      version: undefined,
      cmakeVersion: '3.14',
    },
    toolchain: {
      toolkit: undefined,
      toolkits: [],
      cmake: { path: 'cmake', version: '3.25' },
      generator: { name: 'Ninja', path: 'ninja', version: '1.11' },
      compiler: { kind: 'gcc', cxx: 'g++', c: 'gcc', version: '12' },
      compilerCache: undefined,
    },
    cmakeArguments: [],
    directory: join(root, 'build'),
    logPath: join(root, 'build.log'),
    targets: ['llama-server'],
    jobs: 2,
    onProgress: (event) => void events.push(event),
    events,
  };
}

/** Processes whose command line holds a text. */
async function findProcesses(text: string): Promise<readonly string[]> {
  const ids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const lines = await Promise.all(
    ids.map(async (id) => readFile(`/proc/${id}/cmdline`, 'utf8').catch(() => '')),
  );
  return lines.filter((line) => line.includes(text));
}

describe('runBuild', () => {
  it('builds, tells what is done, and does nothing the second time', async () => {
    const run = await prepare({ one: 'sleep 0.3; touch one.o', two: 'touch two.o' });

    const result = await runBuild(run);

    expect(result.slowest?.output).toContain('one.o');
    const work = run.events.filter((event) => event.type === 'work');
    expect(work.at(-1)).toMatchObject({ done: 2, total: 2 });
    run.events.length = 0;
    await runBuild(run);
    expect(run.events.filter((event) => event.type === 'work')).toEqual([]);
  });

  it('leaves no compiler behind when it is aborted, and goes on where it stopped', async () => {
    const marker = `7${Date.now() % 100_000}.25`;
    const run = await prepare({
      first: 'echo x >> count; touch first.o',
      second: `test -e go && touch second.o || (sleep ${marker} & wait)`,
    });
    const controller = new AbortController();
    const running = runBuild({ ...run, signal: controller.signal });
    const ended = running.catch((error: unknown) => error);
    while ((await findProcesses(marker)).length < 2) await sleep(20);

    controller.abort();

    await expect(ended).resolves.toMatchObject({ name: 'AbortError' });
    await expect(findProcesses(marker)).resolves.toEqual([]);
    await writeFile(join(run.directory, 'go'), '');
    await runBuild(run);
    expect(run.events).toContainEqual(
      expect.objectContaining({ message: 'Going on with the build that was interrupted' }),
    );
    await expect(readFile(join(run.directory, 'count'), 'utf8')).resolves.toBe('x\n');
  });

  it('starts anew in a folder that was left in the middle of its configuration', async () => {
    const run = await prepare({ one: 'touch one.o' });
    await mkdir(run.directory);
    await writeFile(join(run.directory, 'CMakeCache.txt'), 'CMAKE_GENERATOR:INTERNAL=Other\n');

    await expect(runBuild(run)).resolves.toMatchObject({ jobs: 2 });
  });

  it('says what failed, with the lines that matter and the whole log', async () => {
    const message = 'mmq.cu(12): error: identifier "x" is undefined';
    const run = await prepare({ one: `echo '${message}' >&2; exit 1` });

    const failure: unknown = await runBuild(run).catch((error: unknown) => error);

    expect(failure).toMatchObject({
      code: 'BUILD_FAILED',
      detail: { step: 'compile', exitCode: 1, logPath: run.logPath },
    });
    expect(JSON.stringify(failure)).toContain('mmq.cu(12)');
    await expect(readFile(run.logPath, 'utf8')).resolves.toContain(message);
  });

  it('says so when cmake fails', async () => {
    const run = await prepare({});
    await writeFile(join(run.source.directory, 'CMakeLists.txt'), 'message(FATAL_ERROR "no")');

    await expect(runBuild(run)).rejects.toMatchObject({
      code: 'BUILD_FAILED',
      detail: { step: 'configure' },
    });
  });

  it('goes on with fewer jobs when a compiler was killed for memory', async () => {
    const killed = 'g++: fatal error: Killed signal terminated program cc1plus';
    const run = await prepare({
      one: `test -e again && touch one.o || { touch again; echo "${killed}" >&2; exit 1; }`,
    });

    await expect(runBuild(run)).resolves.toMatchObject({ jobs: 1 });
    expect(run.events.filter(({ type }) => type === 'notice')).toHaveLength(1);
  });

  it('gives up when that does not help, with what it was', async () => {
    const killed = 'g++: fatal error: Killed signal terminated program cc1plus';
    const run = await prepare({ one: `echo "${killed}" >&2; exit 1` });

    await expect(runBuild(run)).rejects.toMatchObject({
      code: 'BUILD_FAILED',
      detail: { log: expect.arrayContaining([killed]) as unknown },
    });
  });

  it.skipIf(!canMountDisks)('says so when the disk is full', async () => {
    await using disk = await mountSmallDisk(1_000_000);
    const run = await prepare({ one: 'head -c 5000000 /dev/zero > one.o' }, disk.path);

    await expect(runBuild(run)).rejects.toMatchObject({ code: 'DISK_FULL' });
  });
});

describe('parseBuildStatus', () => {
  it.each([
    { line: '[12/210] Building CXX object a.o', status: { done: 12, total: 210 } },
    { line: '[  7%] Building CXX object a.o', status: { done: 7, total: 100 } },
    { line: '[100%] Built target a', status: { done: 100, total: 100 } },
    { line: 'a.cpp:1: [1/2] error', status: undefined },
  ])('reads $line', ({ line, status }) => {
    expect(parseBuildStatus(line)).toEqual(status);
  });
});

describe('findSlowestUnit', () => {
  it('reads a log of ninja, whatever else is in it', () => {
    const log = '# ninja log v5\n0\t1200\t1\ta.o\tff\n100\t9000\t1\tb.o\tfe\nnonsense\n';

    expect(findSlowestUnit(log)).toEqual({ output: 'b.o', durationMs: 8900 });
    expect(findSlowestUnit('')).toBeUndefined();
  });
});

describe('findFailure', () => {
  it.each([
    { line: 'fatal error: error writing to /tmp/a.s: No space left on device', cause: 'disk-full' },
    { line: 'c++: fatal error: Killed signal terminated program cc1plus', cause: 'out-of-memory' },
    { line: "nvcc error   : 'cicc' died due to signal 9 (Kill signal)", cause: 'out-of-memory' },
    { line: 'FAILED: a.o', cause: 'error' },
    { line: 'nothing that is known', cause: 'error' },
  ])('finds $cause in $line', ({ line, cause }) => {
    expect(findFailure(['[1/2] Building', line])).toMatchObject({ cause });
  });
});
