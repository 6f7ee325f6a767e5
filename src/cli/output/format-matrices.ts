import { formatMatrix } from '../../compat/format-matrix.ts';
import { stripControlCharacters } from '../../units/strip-control-characters.ts';
import type { MatrixReport } from '../inspect/create-matrices.ts';

/** The tables, each below the path of its file where there are several. */
export function formatMatrices(
  { files }: MatrixReport,
  options: { readonly style: 'text' | 'markdown' },
): string {
  if (files.length === 0) return 'No GPU code found.\n';
  const isMarkdown = options.style === 'markdown';
  const tables = files.map((file) => {
    const path = stripControlCharacters(file.path);
    const title = isMarkdown ? `**${path}**\n\n` : `${path}\n\n`;
    if ('error' in file) return `${title}${stripControlCharacters(file.error.message)}`;
    const table = formatMatrix(file.matrix, options);
    return files.length === 1 ? table : `${title}${table}`;
  });
  return `${tables.join('\n\n')}\n`;
}
