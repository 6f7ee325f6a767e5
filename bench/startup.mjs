// How much longer llcuda takes than an empty Node program, whole process, in turn. Limits: 40 ms for
// --version, 120 ms for `models` and for a usage error.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { median, record, round } from './support/record.mjs';

const RUNS = 25;
const bin = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url));

const cases = [
  { name: 'node -e 0', args: ['-e', '0'], exitCode: 0 },
  { name: 'llcuda --version', args: [bin, '--version'], exitCode: 0, limitMs: 40 },
  { name: 'llcuda models', args: [bin, 'models'], exitCode: 0, limitMs: 120 },
  { name: 'llcuda run --nope', args: [bin, 'run', '--nope'], exitCode: 2, limitMs: 120 },
];

const times = new Map(cases.map(({ name }) => [name, []]));
for (let run = -1; run < RUNS; run += 1) {
  for (const { name, args, exitCode } of cases) {
    const startedAt = performance.now();
    const { status } = spawnSync(process.execPath, args);
    const elapsedMs = performance.now() - startedAt;
    if (status !== exitCode) throw new Error(`${name} ended with ${status}`);
    if (run >= 0) times.get(name).push(elapsedMs);
  }
}

const base = times.get('node -e 0');
const results = cases.map(({ name, limitMs }) => {
  const own = times.get(name);
  // Pair by pair: the machine's speed may drift during the run.
  const over = own.map((time, index) => time - base[index]);
  return {
    name,
    medianMs: round(median(own)),
    medianOverNodeMs: round(median(over)),
    ...(limitMs !== undefined && { limitMs, isMet: median(over) <= limitMs }),
  };
});
record('startup', { runs: RUNS, results }, results);
