import { parseComputeCapability } from '../../units/compute-capability.ts';
import { parseDriverVersion } from '../../units/driver-version.ts';
import { normalizePciAddress } from '../gpus/normalize-pci-address.ts';
import { parseSmiMemory, parseSmiText } from './parse-smi-value.ts';
import { GPU_LIMIT, type SmiGpu, type SmiReport } from './smi-gpu.ts';

/** Fields of `nvidia-smi --help-query-gpu`, in the order of the query. */
export const smiFields = [
  'name',
  'driver_version',
  'compute_cap',
  'pci.bus_id',
  'uuid',
  'memory.total',
  'memory.free',
] as const;

/** Drivers before R510 do not know `compute_cap` and refuse the whole query. */
export const oldSmiFields: readonly (typeof smiFields)[number][] = smiFields.filter(
  (field) => field !== 'compute_cap',
);

/**
 * Reads `nvidia-smi --query-gpu=... --format=csv,noheader`, with or without units. A line that does not have a field for
 * each of the query is passed over, and so is one without a name and a driver: it is a message, not a GPU.
 */
export function parseSmiCsv(text: string, fields: readonly string[]): SmiReport {
  const rows = text
    .split('\n')
    .map((line) => line.split(',').map((part) => part.trim()))
    .filter((values) => values.length === fields.length)
    .slice(0, GPU_LIMIT)
    .map((values) => new Map(fields.map((field, at) => [field, values[at]])));
  const gpus: SmiGpu[] = [];
  let driverVersion: string | undefined;
  for (const row of rows) {
    const name = parseSmiText(row.get('name'));
    const version = row.get('driver_version');
    // Jetson prints N/A in place of a driver.
    const isVersion = parseDriverVersion(version ?? '') !== undefined;
    if (name === undefined || !(isVersion || parseSmiText(version) === undefined)) continue;
    if (isVersion) driverVersion = version;
    gpus.push({ name, ...parseRow(row) });
  }
  return { driverVersion, cudaVersion: undefined, gpus };
}

function parseRow(row: ReadonlyMap<string, string | undefined>): SmiGpu {
  return {
    capability: parseComputeCapability(row.get('compute_cap') ?? ''),
    pciAddress: normalizePciAddress(row.get('pci.bus_id')),
    uuid: parseSmiText(row.get('uuid')),
    memoryTotalBytes: parseSmiMemory(row.get('memory.total')),
    memoryFreeBytes: parseSmiMemory(row.get('memory.free')),
  };
}
