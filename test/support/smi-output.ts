import { oldSmiFields, smiFields } from '../../src/probe/smi/parse-smi-csv.ts';

/** The command line with which GPUs are asked for. */
export const SMI_QUERY: string = commandLine(smiFields);
/** The one for drivers before R510, which do not know `compute_cap`. */
export const OLD_SMI_QUERY: string = commandLine(oldSmiFields);

function commandLine(fields: readonly string[]): string {
  return `nvidia-smi --query-gpu=${fields.join(',')} --format=csv,noheader`;
}

export interface SmiRow {
  readonly name?: string;
  readonly driver?: string;
  readonly capability?: string;
  readonly address?: string;
  readonly uuid?: string;
  readonly totalMib?: number;
  readonly freeMib?: number;
}

/** A line that nvidia-smi prints for one GPU. */
export function smiLine(row: SmiRow = {}): string {
  return [
    row.name ?? 'Tesla T4',
    row.driver ?? '550.54.15',
    row.capability ?? '7.5',
    row.address ?? '00000000:00:04.0',
    row.uuid ?? 'GPU-8932f937-d72c-4106-c12f-20bd9faed9f6',
    `${row.totalMib ?? 15_360} MiB`,
    `${row.freeMib ?? 14_913} MiB`,
  ].join(', ');
}
