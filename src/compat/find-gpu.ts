import { editDistance } from '../units/edit-distance.ts';
import { formatGpuNameKey } from './format-gpu-name-key.ts';
import { gpuTable, type GpuRow } from './gpu-table.ts';

/** Names in use that no rule gives. */
const aliases: Readonly<Record<string, string>> = {
  'DGX Spark': 'GB10',
  'NVIDIA Spark': 'GB10',
  A100D: 'A100',
  Orin: 'Jetson AGX Orin',
  'Jetson Orin': 'Jetson AGX Orin',
  Xavier: 'Jetson AGX Xavier',
  'Jetson Xavier': 'Jetson AGX Xavier',
  Thor: 'Jetson T5000',
  'Jetson Thor': 'Jetson T5000',
  'Jetson AGX Thor': 'Jetson T5000',
  'Titan X Maxwell': 'GTX TITAN X',
};

const rowsByKey: ReadonlyMap<string, GpuRow> = createIndex();

/** Finds a GPU by the name that nvidia-smi, a shop or a person gives it: `Tesla T4`, `rtx 4090`, `4090`, `gtx 940m`. */
export function findGpu(name: string): GpuRow | undefined {
  return rowsByKey.get(formatGpuNameKey(name));
}

/** Names of the table that look like this one, best first, at most three. */
export function suggestGpus(name: string): readonly string[] {
  const key = formatGpuNameKey(name);
  if (key === '') return [];
  const near = [...rowsByKey]
    .map(([candidate, row]) => ({ name: row.name, score: score(key, candidate) }))
    .filter((row) => row.score <= Math.max(1, key.length / 4))
    .sort((left, right) => left.score - right.score);
  return [...new Set(near.map(({ name: known }) => known))].slice(0, 3);
}

/** Lower is nearer: a part of a name and swapped characters count less than other edits. */
function score(key: string, candidate: string): number {
  if (key.length >= 3 && candidate.includes(key)) return 0.5;
  const distance = editDistance(key, candidate);
  return sortCharacters(key) === sortCharacters(candidate) ? distance / 2 : distance;
}

function sortCharacters(text: string): string {
  return text.split('').sort().join('');
}

function createIndex(): ReadonlyMap<string, GpuRow> {
  const byKey = new Map<string, GpuRow>();
  // Full names first: a short form never takes the place of one.
  for (const row of gpuTable) byKey.set(formatGpuNameKey(row.name), row);
  for (const row of gpuTable) {
    for (const key of listShortKeys(row)) if (!byKey.has(key)) byKey.set(key, row);
  }
  for (const [alias, name] of Object.entries(aliases)) {
    const row = byKey.get(formatGpuNameKey(name));
    if (row !== undefined) byKey.set(formatGpuNameKey(alias), row);
  }
  return byKey;
}

/** `4090` of `rtx4090`, `p4000` of `quadrop4000`, `a6000` of `rtxa6000`, `orinnano` of `jetsonorinnano`. */
function listShortKeys(row: GpuRow): readonly string[] {
  const key = formatGpuNameKey(row.name);
  switch (row.family) {
    case 'geforce':
      return [key.replace(/^rtx/, '')];
    case 'quadro':
      return [key.replace(/^quadro/, '')];
    case 'jetson':
      return [key.replace(/^jetson/, '')].filter((short) => short !== 'nano');
    case 'other':
      return [key.replace(/^rtx(?=a\d|pro|\d+ada)/, '')];
    case 'data-center':
      return [];
    default:
      return row.family satisfies never;
  }
}
