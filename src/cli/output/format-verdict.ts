import { formatComputeCapability } from '../../units/compute-capability.ts';
import { formatBytes } from '../../units/format-bytes.ts';
import { formatDuration } from '../../units/format-duration.ts';
import { stripControlCharacters } from '../../units/strip-control-characters.ts';
import type { FileVerdict } from '../../compat/verdict.ts';
import type { TargetReport } from '../inspect/inspect-target.ts';
import { wrapText } from './wrap-text.ts';

export interface FormatVerdictOptions {
  readonly path: string;
  readonly target: TargetReport;
  readonly columns: number;
}

/** The verdict on a file for one target: whether it runs there, why, what it needs, and the fix. */
export function formatVerdict(
  verdict: FileVerdict,
  { path, target, columns }: FormatVerdictOptions,
): string {
  const headline = `${stripControlCharacters(path)} ${formatOutcome(verdict, target)}`;
  const rows = formatRows(verdict).map(([label, text]) =>
    wrapText(stripControlCharacters(text), { columns, label: `  ${label.padEnd(7)}` }),
  );
  return [wrapText(headline, { columns }), ...rows].join('\n');
}

/** `Tesla T4 (7.5), driver 580.82.07 (CUDA 13.0), CUDA_FORCE_PTX_JIT=1`. */
export function formatTarget(target: TargetReport): string {
  const { gpu, capability, driver, cuda, os, environment } = target;
  const name = gpu === undefined ? `compute capability ${capability}` : `${gpu} (${capability})`;
  const version =
    driver === undefined ? `a driver of CUDA ${cuda}` : `driver ${driver} (CUDA ${cuda})`;
  const where = os === 'windows' ? ['Windows'] : [];
  return stripControlCharacters([name, version, ...where, ...environment].join(', '));
}

function formatOutcome(verdict: FileVerdict, target: TargetReport): string {
  const where = formatTarget(target);
  switch (verdict.outcome) {
    case 'native':
      return `will run on ${where} as it is`;
    case 'jit':
      return `will run on ${where} once the driver has compiled it`;
    case 'fail': {
      const { cudaError } = verdict;
      return `will not run on ${where}: ${cudaError === null ? 'it cannot be loaded' : `CUDA error ${cudaError}`}`;
    }
    case 'none':
      return 'holds no GPU code';
    default:
      return verdict.outcome satisfies never;
  }
}

function formatRows(verdict: FileVerdict): readonly (readonly [string, string])[] {
  const { outcome, reason, jit, fix, worksOn } = verdict;
  if (outcome === 'none') return [];
  return [
    ...(verdict.cudaErrorName === null ? [] : [['Error', verdict.cudaErrorName] as const]),
    ['Why', reason],
    ...(jit === undefined ? [] : [['Cost', formatCost(jit)] as const]),
    ['Needs', formatMinimum(verdict)],
    ['Runs', `with this driver on ${formatCapabilities(worksOn)}`],
    ...(fix === undefined ? [] : [['Fix', fix] as const]),
  ];
}

function formatCost({ ptxBytes, estimatedSeconds }: NonNullable<FileVerdict['jit']>): string {
  const duration = formatDuration(estimatedSeconds * 1000);
  return `${formatBytes(ptxBytes)} of PTX to compile at the first use, about ${duration} on one core`;
}

function formatMinimum({ minimumDriver, minimumCuda }: FileVerdict): string {
  if (minimumCuda === undefined) return 'no driver makes it run on this GPU';
  if (minimumDriver === undefined) return `a driver of CUDA ${minimumCuda} or later`;
  return `driver ${minimumDriver} or later (CUDA ${minimumCuda})`;
}

function formatCapabilities(capabilities: FileVerdict['worksOn']): string {
  if (capabilities.length === 0) return 'no GPU';
  return capabilities.map((capability) => formatComputeCapability(capability)).join(', ');
}
