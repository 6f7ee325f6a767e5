// `llcuda doctor` on this machine, whole process, in turn with an empty Node program. Limits: 400 ms where there is no
// NVIDIA GPU; where there is one, as long as nvidia-smi takes and 400 ms more.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { median, record, round } from './support/record.mjs';

const RUNS = 15;
const LIMIT_MS = 400;
const bin = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url));
const smi = spawnSync('nvidia-smi', ['--version']).error === undefined;

const cases = [
  { name: 'node -e 0', command: [process.execPath, '-e', '0'], exitCodes: [0] },
  ...(smi ? [{ name: 'nvidia-smi', command: ['nvidia-smi', '-q', '-x'], exitCodes: [0] }] : []),
  { name: 'llcuda doctor', command: [process.execPath, bin, 'doctor'], exitCodes: [0, 1] },
];

const times = new Map(cases.map(({ name }) => [name, []]));
// The first round warms the disk cache for all of them.
for (let run = -1; run < RUNS; run += 1) {
  for (const { name, command, exitCodes } of cases) {
    const [program, ...args] = command;
    const startedAt = performance.now();
    const { status } = spawnSync(program, args);
    const elapsedMs = performance.now() - startedAt;
    if (!exitCodes.includes(status)) throw new Error(`${name} ended with ${status}`);
    if (run >= 0) times.get(name).push(elapsedMs);
  }
}

const limitMs = LIMIT_MS + (smi ? median(times.get('nvidia-smi')) : 0);
const results = cases.map(({ name }) => {
  const medianMs = median(times.get(name));
  return {
    name,
    medianMs: round(medianMs),
    slowestMs: round(Math.max(...times.get(name))),
    ...(name === 'llcuda doctor' && { limitMs: round(limitMs), isMet: medianMs <= limitMs }),
  };
});
record('doctor', { runs: RUNS, hasNvidiaSmi: smi, results }, results);
