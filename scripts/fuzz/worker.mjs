// Runs inputs and counts; the main thread watches `progress`, so that an input that never ends is seen.
import { performance } from 'node:perf_hooks';
import { parentPort, workerData } from 'node:worker_threads';
import { createInput } from './mutate.mjs';
import { loadReaders, readInput } from './readers.mjs';
import { collectSeeds } from './seeds.mjs';

const { dist, corpus, seed, first, end, progress, deadlineMs, limits } = workerData;
const counter = new Int32Array(progress);
const readers = await loadReaders(dist);
const seeds = await collectSeeds(readers, corpus);
const counts = {
  results: 0,
  typedErrors: {},
  failures: [],
  slowest: { milliseconds: 0, index: first },
  seeds: seeds.length,
};
let index = first;
for (; index < end && Date.now() < deadlineMs; index += 1) {
  Atomics.store(counter, 0, index);
  const input = createInput(seeds, seed, index);
  const failure = await tryInput(input);
  if (failure !== undefined) counts.failures.push({ index, from: input.name, ...failure });
  if (counts.failures.length > limits.failures) break;
}
Atomics.store(counter, 0, index);
// A port of a worker thread, which has no origin.
// oxlint-disable-next-line unicorn/require-post-message-target-origin
parentPort.postMessage({ ...counts, end: index, residentBytes: process.memoryUsage.rss() });

async function tryInput(input) {
  const residentBytes = process.memoryUsage.rss();
  const cpu = process.cpuUsage();
  const startedAt = performance.now();
  let failure;
  try {
    await readInput(readers, input);
    counts.results += 1;
  } catch (error) {
    if (readers.isBinaryError(error)) {
      counts.typedErrors[error.code] = (counts.typedErrors[error.code] ?? 0) + 1;
    } else {
      failure = { problem: 'exception', detail: String(error?.stack ?? error) };
    }
  }
  const elapsedMs = performance.now() - startedAt;
  const { user, system } = process.cpuUsage(cpu);
  if (elapsedMs > counts.slowest.milliseconds) {
    counts.slowest = { milliseconds: Math.round(elapsedMs), index };
  }
  // Both clocks: on a busy machine the one on the wall runs on while this process waits.
  if (elapsedMs > limits.milliseconds && (user + system) / 1000 > limits.milliseconds) {
    failure ??= { problem: 'slow', detail: `${elapsedMs.toFixed(0)} ms` };
  }
  const grownBytes = process.memoryUsage.rss() - residentBytes;
  if (grownBytes > limits.grownBytes) {
    failure ??= { problem: 'memory', detail: `${(grownBytes / 1e6).toFixed(0)} MB` };
  }
  return failure;
}
