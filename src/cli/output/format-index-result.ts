import type { IndexMatrix } from '../../runtime/index/create-index-matrix.ts';
import { stripControlCharacters } from '../../units/strip-control-characters.ts';
import type { IndexResult } from '../index/run-index-action.ts';
import { formatTable } from './format-table.ts';

/** What came of an action on an index. */
export function formatIndexResult(result: IndexResult): string {
  switch (result.action) {
    case 'add':
    case 'remove': {
      const { names, bundles } = result.document;
      const verb = result.action === 'add' ? 'added' : 'removed';
      return `${names.map((name) => `${name} ${verb}\n`).join('')}${bundles} bundles; sign the index again before it is published\n`;
    }
    case 'sign': {
      const { expiresAt, publicKey } = result.document;
      return `signed until ${expiresAt}\n  public key: ${publicKey}\n`;
    }
    case 'keygen': {
      const { path, publicKey } = result.document;
      return `${publicKey}\n  private key: ${path} (keep it secret)\n`;
    }
    case 'check':
      return formatCheck(result);
    default:
      return result satisfies never;
  }
}

function formatCheck({
  document,
  showsMatrix,
}: Extract<IndexResult, { readonly action: 'check' }>): string {
  const { bundles, problems, unlisted, required, matrix } = document;
  const lines = [
    ...(showsMatrix ? [`${formatIndexMatrix(matrix)}\n`] : []),
    ...problems.map(({ file, reason }) => `${file}: ${reason}`),
    ...unlisted.map((file) => `${file}: not in the index`),
    ...required.map(({ target, outcome, bundle }) =>
      outcome === 'none' ? `${target}: no bundle` : `${target}: ${outcome}, ${bundle ?? ''}`,
    ),
    `${bundles.length} bundles, ${problems.length} problems`,
  ];
  return `${lines
    .map((line) =>
      line
        .split('\n')
        .map((part) => stripControlCharacters(part))
        .join('\n'),
    )
    .join('\n')}\n`;
}

/** `native`, `jit`, `none` for a hole, `-` for a GPU that the driver does not know. */
function formatIndexMatrix({ drivers, rows }: IndexMatrix): string {
  const columns = ['GPU', '', ...drivers.map(({ version }) => version.split('.')[0] ?? '')];
  return formatTable(
    columns.map((title) => ({ title })),
    rows.map(({ gpu, capability, cells }) => [
      gpu,
      capability,
      ...cells.map(({ outcome, isReal }) => (isReal ? outcome : '-')),
    ]),
  );
}
