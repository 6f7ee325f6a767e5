import type { DecodedReport, FileReport, LibraryReport } from '../../inspect/inspect-report.ts';
import { formatBytes } from '../../units/format-bytes.ts';
import { stripControlCharacters } from '../../units/strip-control-characters.ts';
import { formatTable } from './format-table.ts';
import { wrapText } from './wrap-text.ts';

export interface FormatFileOptions {
  readonly columns: number;
  /** A verdict above has it already. */
  readonly isPathKnown: boolean;
}

/** What is in a file: its images, counted, and what it needs to be loaded. */
export function formatFile(file: FileReport, { columns, isPathKnown }: FormatFileOptions): string {
  const { path, format, sizeBytes, fatbins, toolkit, decoded } = file;
  const facts = [
    format === 'elf' || format === 'pe' ? format.toUpperCase() : format,
    formatBytes(sizeBytes),
    `${fatbins} ${fatbins === 1 ? 'fatbin' : 'fatbins'}`,
    ...(toolkit === undefined ? [] : [`CUDA toolkit ${toolkit}`]),
  ];
  const text = facts.join(', ');
  const title = isPathKnown
    ? wrapText(text, { columns, label: '  ' })
    : wrapText(stripControlCharacters(`${path}: ${text}`), { columns });
  const rows = [...listLibraries(file.libraries), ...(decoded ? listDecoded(decoded) : [])];
  const wrapped = rows.map(([label, value]) =>
    wrapText(stripControlCharacters(value), { columns, label: `  ${label.padEnd(11)}` }),
  );
  return [title, ...formatImages(file), ...wrapped].join('\n');
}

function formatImages({ images }: FileReport): readonly string[] {
  if (images.length === 0) return [];
  const table = formatTable(
    [
      { title: 'KIND' },
      { title: 'TARGET' },
      { title: 'PTX' },
      { title: 'COMPRESSION' },
      { title: 'COUNT', align: 'right' },
    ],
    images.map(({ kind, target, ptxIsa, compression, count }) => [
      kind,
      target,
      ptxIsa ?? '-',
      compression,
      String(count),
    ]),
  );
  return table.split('\n').map((line) => `  ${line}`);
}

type Row = readonly [label: string, text: string];

function listLibraries(libraries: LibraryReport): readonly Row[] {
  const { needed, delayLoaded = [], rpath = [], runpath, glibc, glibcxx } = libraries;
  const rows: readonly Row[] = [
    ['libraries', needed.join(', ')],
    ['delayed', delayLoaded.join(', ')],
    ['rpath', rpath.join(':')],
    ['runpath', runpath.join(':')],
    ['glibc', glibc === undefined ? '' : `${glibc} or later`],
    ['libstdc++', glibcxx === undefined ? '' : `GLIBCXX_${glibcxx} or later`],
  ];
  return rows.filter(([, text]) => text !== '');
}

function listDecoded({ images, sizeBytes, failures }: DecodedReport): readonly Row[] {
  const counted = `${images} ${images === 1 ? 'image' : 'images'}, ${formatBytes(sizeBytes)}`;
  return [
    ['decoded', counted],
    ...failures.map(({ target, offset, message }): Row => [
      'failed',
      `${target} at byte ${offset}: ${message}`,
    ]),
  ];
}
