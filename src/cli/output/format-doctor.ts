import { checkGroups, type CheckStatus } from '../../doctor/check.ts';
import type { CheckResult, DoctorReport } from '../../doctor/doctor-report.ts';
import { formatBytes } from '../../units/format-bytes.ts';
import type { Theme } from './theme.ts';
import { wrapText } from './wrap-text.ts';

/** Sentences get hard to read when they are longer. */
const COLUMNS_MAXIMUM = 80;

export interface FormatDoctorOptions {
  readonly theme: Theme;
  /** All checks, with all that they found. */
  readonly isVerbose: boolean;
  /** Some checks were asked for: they are shown in full, without a verdict. */
  readonly isPartial: boolean;
}

/** A diagnosis for people: the machine, the problems group by group, the verdict last, where it stays on the screen. */
export function formatDoctor(
  report: DoctorReport,
  { theme, isVerbose, isPartial }: FormatDoctorOptions,
): string {
  const isFull = isVerbose || isPartial;
  const layout = { theme, columns: Math.min(theme.columns, COLUMNS_MAXIMUM), isFull };
  const sections = [
    ...(isPartial ? [] : [formatHost(report, layout.columns)]),
    ...formatGroups(report, layout),
    ...(isPartial ? [] : [formatVerdict(report, layout)]),
  ];
  return `${sections.join('\n\n')}\n`;
}

interface Layout {
  readonly theme: Theme;
  readonly columns: number;
  readonly isFull: boolean;
}

function formatHost({ host }: DoctorReport, columns: number): string {
  const { gpus, driver, cuda, system } = host;
  const names = gpus.map(({ name, capability, memoryTotalBytes }) =>
    [name, capability && `(${capability})`, memoryTotalBytes && formatBytes(memoryTotalBytes)]
      .filter(Boolean)
      .join(' '),
  );
  const version = cuda === undefined ? '' : ` (CUDA ${cuda})`;
  const rows = [
    ['GPU', names.length === 0 ? 'none of NVIDIA' : names.join(', ')],
    ...(driver === undefined ? [] : [['Driver', `${driver}${version}`]]),
    ['System', system],
  ];
  return rows
    .map(([label = '', text = '']) => wrapText(text, { columns, label: label.padEnd(8) }))
    .join('\n');
}

function formatGroups({ checks }: DoctorReport, layout: Layout): readonly string[] {
  return Object.entries(checkGroups).flatMap(([group, title]) => {
    const own = checks.filter((check) => check.group === group);
    if (own.length === 0) return [];
    const shown = own.filter(({ status }) => layout.isFull || isProblem(status));
    const heading = `${layout.theme.strong(title)}: ${describeCounts(own)}`;
    return [[heading, ...shown.map((check) => formatCheck(check, layout))].join('\n')];
  });
}

function isProblem(status: CheckStatus): boolean {
  return status === 'warn' || status === 'fail';
}

function describeCounts(checks: readonly CheckResult[]): string {
  const count = (status: CheckStatus): number =>
    checks.filter((check) => check.status === status).length;
  const parts = [
    [count('fail'), 'failed'],
    [count('warn'), count('warn') === 1 ? 'warning' : 'warnings'],
    [count('ok'), 'ok'],
    [count('skip'), 'skipped'],
  ] as const;
  return parts.flatMap(([number, word]) => (number > 0 ? [`${number} ${word}`] : [])).join(', ');
}

function formatCheck(check: CheckResult, { theme, columns, isFull }: Layout): string {
  const { id, status, summary, detail = [], fix, commands = [] } = check;
  const row = (text: string, label: string): string => wrapText(text, { columns, label });
  const first = row(`${id}: ${summary}`, `  ${status.padEnd(4)}  `);
  return [
    status === 'fail' ? theme.error(first) : status === 'skip' ? theme.faint(first) : first,
    ...(isFull ? detail.map((line) => row(line, '        - ')) : []),
    ...(fix === undefined ? [] : [row(fix, '        Fix: ')]),
    // Not wrapped: they are to be pasted.
    ...commands.map((command) => `        $ ${command}`),
  ].join('\n');
}

function formatVerdict({ verdict }: DoctorReport, { theme, columns }: Layout): string {
  const { summary, next, command } = verdict;
  return [
    theme.strong(wrapText(summary, { columns, label: 'Verdict ' })),
    wrapText(next, { columns, label: 'Next    ' }),
    ...(command === undefined ? [] : [`        $ ${command}`]),
  ].join('\n');
}
