// Writes a result with the machine it was measured on, and prints it as a table.
import { writeFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';

/** `rows` are printed; all of `result` is kept in bench/results/NAME.json. */
export function record(name, result, rows) {
  const [cpu] = cpus();
  const machine = { cpu: cpu?.model.trim(), cores: availableParallelism(), node: process.version };
  const document = { name, command: `node bench/${name}.mjs`, machine, ...result };
  const url = new URL(`../results/${name}.json`, import.meta.url);
  writeFileSync(url, `${JSON.stringify(document, undefined, 2)}\n`);
  console.table(rows);
}

export function median(values) {
  const sorted = values.toSorted((left, right) => left - right);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

export function round(value, digits = 1) {
  return Number(value.toFixed(digits));
}
