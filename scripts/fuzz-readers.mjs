// Feeds mutated files to the readers of a built llcuda: every input must give a result or one of the typed errors,
// within a second and without eating memory. Reproducible: `--seed S --only INDEX --write FILE` gives one input again.
//   node scripts/fuzz-readers.mjs [COUNT] [--seed S] [--minutes M] [--corpus DIR] [--dist DIR] [--failures DIR]
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { record } from '../bench/support/record.mjs';
import { createInput } from './fuzz/mutate.mjs';
import { loadReaders, readInput } from './fuzz/readers.mjs';
import { collectSeeds } from './fuzz/seeds.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seed: { type: 'string', default: '1' },
    first: { type: 'string', default: '0' },
    minutes: { type: 'string' },
    corpus: { type: 'string' },
    dist: { type: 'string', default: fileURLToPath(new URL('../dist', import.meta.url)) },
    failures: { type: 'string' },
    only: { type: 'string' },
    write: { type: 'string' },
    quiet: { type: 'boolean' },
  },
});
const count = Number(positionals[0] ?? 1_000_000);
const seed = Number(values.seed);
const HANG_MS = 30_000;
const limits = { milliseconds: 1000, grownBytes: 256 << 20, failures: 100 };

if (values.only !== undefined) await runOne(Number(values.only));
else await runAll();

async function runOne(index) {
  const readers = await loadReaders(values.dist);
  const input = createInput(await collectSeeds(readers, values.corpus), seed, index);
  if (values.write !== undefined) writeFileSync(values.write, input.bytes);
  console.log(`${input.kind} from ${input.name}, ${input.bytes.length} bytes`);
  try {
    await readInput(readers, input);
    console.log('a result');
  } catch (error) {
    console.log(error);
  }
}

async function runAll() {
  const startedAt = performance.now();
  const minutes = Number(values.minutes ?? Infinity);
  const deadlineMs = Number.isFinite(minutes) ? Date.now() + minutes * 60_000 : Infinity;
  const total = {
    inputs: 0,
    results: 0,
    typedErrors: {},
    failures: [],
    slowest: { milliseconds: 0, index: 0 },
  };
  const first = Number(values.first);
  let next = first;
  while (next < first + count && Date.now() < deadlineMs) {
    const part = await runPart(next, first + count, deadlineMs);
    total.inputs += part.end - next;
    total.results += part.results;
    total.failures.push(...part.failures);
    if (part.slowest.milliseconds > total.slowest.milliseconds) total.slowest = part.slowest;
    for (const [code, number] of Object.entries(part.typedErrors)) {
      total.typedErrors[code] = (total.typedErrors[code] ?? 0) + number;
    }
    next = part.end;
    if (total.failures.length > limits.failures) break;
  }
  await report(total, (performance.now() - startedAt) / 1000);
}

/** Up to 100,000 inputs in a thread of their own; a thread that hangs or runs out of memory is ended at its input. */
async function runPart(first, end, deadlineMs) {
  const progress = new SharedArrayBuffer(4);
  const counter = new Int32Array(progress);
  counter[0] = first;
  const { dist, corpus } = values;
  const workerData = { dist, corpus, seed, first, progress, deadlineMs, limits };
  const worker = new Worker(new URL('./fuzz/worker.mjs', import.meta.url), {
    workerData: { ...workerData, end: Math.min(end, first + 100_000) },
    resourceLimits: { maxOldGenerationSizeMb: 1024 },
  });
  let watchdog;
  try {
    return await new Promise((resolve) => {
      const fail = (problem, detail) => {
        const index = Atomics.load(counter, 0);
        const failures = [{ index, problem, detail }];
        resolve({
          results: 0,
          typedErrors: {},
          slowest: { milliseconds: 0, index: 0 },
          failures,
          end: index + 1,
        });
      };
      worker.once('message', resolve);
      worker.once('error', (error) => fail('crash', String(error?.stack ?? error)));
      let last = -1;
      watchdog = setInterval(() => {
        const index = Atomics.load(counter, 0);
        if (index === last) fail('hang', `${HANG_MS} ms without an end`);
        last = index;
      }, HANG_MS);
    });
  } finally {
    clearInterval(watchdog);
    await worker.terminate();
  }
}

async function report(total, seconds) {
  const readers = await loadReaders(values.dist);
  const seeds = await collectSeeds(readers, values.corpus);
  for (const { index, problem, detail } of total.failures) {
    const input = createInput(seeds, seed, index);
    console.error(`FAIL ${problem} --seed ${seed} --only ${index} (${input.name})\n  ${detail}`);
    if (values.failures === undefined) continue;
    mkdirSync(values.failures, { recursive: true });
    writeFileSync(join(values.failures, `${seed}-${index}.${input.kind}`), input.bytes);
  }
  const inputsPerSecond = Math.round(total.inputs / seconds);
  const { failures, ...counts } = total;
  const result = {
    ...counts,
    failures: failures.length,
    seconds: Math.round(seconds),
    inputsPerSecond,
  };
  const command = `node scripts/fuzz-readers.mjs ${total.inputs} --seed ${seed}`;
  if (values.quiet) console.log(JSON.stringify(result));
  else record('fuzz-readers', { command, seed, seeds: seeds.length, ...result }, [result]);
  console.log(`${total.inputs - failures.length} passed, ${failures.length} failed`);
  if (failures.length > 0) process.exitCode = 1;
}
