import type { Matrix, MatrixCell } from './create-matrix.ts';

export interface FormatMatrixOptions {
  /** @defaultValue 'text' */
  readonly style?: 'text' | 'markdown' | undefined;
}

/** A matrix as a table: `native`, `jit`, the number of the CUDA error, `load` for a file that cannot be loaded, `-`. */
export function formatMatrix(matrix: Matrix, options: FormatMatrixOptions = {}): string {
  const head = ['GPU', '', ...matrix.drivers.map(({ version }) => version)];
  const subhead = ['', 'CUDA', ...matrix.drivers.map(({ cuda }) => cuda)];
  const body = matrix.rows.map((row) => [row.gpu, row.capability, ...row.cells.map(formatCell)]);
  if (options.style === 'markdown') return formatMarkdown([subhead, ...body], head);
  return `${formatColumns([head, subhead, ...body])}\n\n${legend}`;
}

const legend =
  'native: runs as it is. jit: runs after the driver has compiled PTX.\n' +
  'A number: the CUDA error. -: this driver does not know this GPU.';

function formatCell({ verdict, isReal }: MatrixCell): string {
  if (!isReal) return '-';
  if (verdict.outcome === 'fail')
    return verdict.cudaError === null ? 'load' : String(verdict.cudaError);
  return verdict.outcome;
}

function formatColumns(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, index) =>
    Math.max(...rows.map((row) => (row[index] ?? '').length)),
  );
  return rows
    .map((row) =>
      row
        .map((cell, index) => cell.padEnd(widths[index] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function formatMarkdown(rows: readonly (readonly string[])[], head: readonly string[]): string {
  const lines = [head, head.map(() => '---'), ...rows];
  return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
