// llcuda inspect against NVIDIA's cuobjdump on real libraries, whole process, in turn. Limits: listing every image 20
// times faster than --list-elf plus --list-ptx, under 1 % of the file read, under 90 MB of memory; with --deep at least
// as fast as --dump-elf --dump-ptx into nothing.
//   node scripts/fetch-cuda-tools.mjs; node bench/inspect.mjs [--no-deep] [--bin PATH] [--runs N]
import { execFileSync, spawnSync } from 'node:child_process';
import { closeSync, openSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { median, record, round } from './support/record.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const { values } = parseArgs({
  allowNegative: true,
  options: {
    bin: { type: 'string', default: join(root, 'dist/cli/main.js') },
    runs: { type: 'string', default: '7' },
    deep: { type: 'boolean', default: true },
  },
});
const limits = { ratio: 20, readPercent: 1, peakMB: 90, deepRatio: 1 };

const folders = findFolders();
const cuobjdump = findFile('cuda-13.5', 'cuobjdump');
const libraries = [
  findFile('node-llama-cpp', 'libggml-cuda.so'),
  findFile('node-llama-cpp-fallback', 'libggml-cuda.so'),
  findFile('cublas-13.0', 'libcublasLt.so.13'),
];
const sink = openSync('/dev/null', 'w');

const listings = libraries.map((path) => measureListing(path));
const decodings = values.deep ? libraries.slice(0, 1).map((path) => measureDeep(path)) : [];
const [version] =
  /V[\d.]+/.exec(execFileSync(cuobjdump, ['--version'], { encoding: 'utf8' })) ?? [];
record('inspect', { cuobjdump: version, runs: Number(values.runs), limits, listings, decodings }, [
  ...listings,
  ...decodings,
]);
closeSync(sink);

function measureListing(path) {
  const commands = {
    llcuda: [process.execPath, values.bin, 'inspect', path, '--json'],
    listElf: [cuobjdump, '--list-elf', path],
    listPtx: [cuobjdump, '--list-ptx', path],
  };
  const times = { llcuda: [], listElf: [], listPtx: [] };
  // The first round warms the disk cache for all of them.
  for (let run = -1; run < Number(values.runs); run += 1) {
    for (const [name, [command, ...args]] of Object.entries(commands)) {
      const elapsedMs = time(command, args);
      if (run >= 0) times[name].push(elapsedMs);
    }
  }
  const cold = Object.entries(commands).map(([name, [command, ...args]]) => {
    evict(path);
    return [name, time(command, args)];
  });
  const { llcuda: coldMs, ...coldTheirs } = Object.fromEntries(cold);
  const theirs = times.listElf.map((elf, index) => elf + times.listPtx[index]);
  const ratio = median(theirs.map((both, index) => both / times.llcuda[index]));
  const sizeBytes = statSync(path).size;
  const readBytes = countBytesRead(path, commands.llcuda);
  const readPercent = (100 * readBytes) / sizeBytes;
  const peakMB = measurePeak(commands.llcuda) / 1e6;
  return {
    ...describe(path),
    llcudaMs: round(median(times.llcuda)),
    cuobjdumpMs: round(median(theirs)),
    ratio: round(ratio),
    coldLlcudaMs: round(coldMs),
    coldCuobjdumpMs: round(coldTheirs.listElf + coldTheirs.listPtx),
    readBytes,
    readPercent: round(readPercent, 3),
    peakMB: round(peakMB),
    isMet: ratio >= limits.ratio && readPercent < limits.readPercent && peakMB < limits.peakMB,
  };
}

/** Drops a file from the disk cache, as it is when it was not read lately. */
function evict(path) {
  execFileSync('dd', [`if=${path}`, 'iflag=nocache', 'count=0', 'status=none']);
}

function measureDeep(path) {
  const ours = [process.execPath, values.bin, 'inspect', path, '--deep', '--json'];
  const theirs = [cuobjdump, '--dump-elf', '--dump-ptx', path];
  const rounds = Array.from({ length: 3 }, () => ({
    llcudaMs: time(ours[0], ours.slice(1)),
    cuobjdumpMs: time(theirs[0], theirs.slice(1)),
  }));
  const ratio = median(rounds.map(({ llcudaMs, cuobjdumpMs }) => cuobjdumpMs / llcudaMs));
  return {
    ...describe(path),
    llcudaMs: round(median(rounds.map(({ llcudaMs }) => llcudaMs))),
    cuobjdumpMs: round(median(rounds.map(({ cuobjdumpMs }) => cuobjdumpMs))),
    ratio: round(ratio, 2),
    peakMB: round(measurePeak(ours) / 1e6),
    isMet: ratio >= limits.deepRatio,
  };
}

function describe(path) {
  const [, item, file] = /cuda\/([^/]+)\/.*?([^/]+)$/.exec(path);
  return { item, file, sizeMB: round(statSync(path).size / 1e6) };
}

function time(command, args) {
  const startedAt = performance.now();
  const { status, stderr } = spawnSync(command, args, { stdio: ['ignore', sink, 'pipe'] });
  const elapsedMs = performance.now() - startedAt;
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${status}: ${stderr}`);
  return elapsedMs;
}

/** What the process asks of the file itself, as strace sees it: Node's own modules are not part of it. */
function countBytesRead(path, command) {
  const log = join(tmpdir(), `llcuda-bench-${process.pid}.strace`);
  const trace = ['-f', '-qq', '-y', '-e', 'trace=read,pread64,readv,preadv,preadv2', '-o', log];
  const { status, error } = spawnSync('strace', [...trace, ...command], {
    stdio: ['ignore', sink, 'inherit'],
  });
  if (status !== 0) throw new Error(`strace ended with ${status}: ${error?.message ?? ''}`);
  let bytes = 0;
  for (const line of readFileSync(log, 'utf8').split('\n')) {
    // Another thread can cut a call in two: the second half has the result, the first the file.
    if (line.includes(`<${path}>`))
      bytes += Number(/ = (\d+)$/.exec(line)?.[1] ?? findResumed(line));
  }
  rmSync(log);
  return bytes;
}

/** An unfinished call reads at most what it asks for. */
function findResumed(line) {
  return /, (\d+)(?:, \d+)? <unfinished/.exec(line)?.[1] ?? 0;
}

/** The most memory that a process and its children had resident. Bytes. */
function measurePeak([command, ...args]) {
  const program = [
    'import os, resource, subprocess, sys',
    'subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL)',
    'print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024)',
  ];
  return Number(
    execFileSync('python3', ['-c', program.join('\n'), command, ...args], { encoding: 'utf8' }),
  );
}

function findFolders() {
  const script = join(root, 'scripts/fetch-cuda-tools.mjs');
  const rows = execFileSync(process.execPath, [script, '--list'], { encoding: 'utf8' }).trim();
  return new Map(rows.split('\n').map((row) => row.split('\t')));
}

function findFile(item, name) {
  const folder = folders.get(item);
  if (folder === 'missing')
    throw new Error(`${item} is missing: node scripts/fetch-cuda-tools.mjs`);
  return execFileSync('find', [folder, '-name', name, '-type', 'f'], { encoding: 'utf8' }).trim();
}
