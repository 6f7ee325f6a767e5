import type { ExplainedError, LogExplanation } from '../../doctor/explain/explain-log.ts';
import type { LogLine } from '../../doctor/explain/split-log.ts';
import { formatBytes } from '../../units/format-bytes.ts';
import { stripControlCharacters } from '../../units/strip-control-characters.ts';
import type { Theme } from './theme.ts';
import { wrapText } from './wrap-text.ts';

/** Sentences get hard to read when they are longer. */
const COLUMNS_MAXIMUM = 80;

/** Errors that are explained whole; the others are named. */
const WHOLE_MAXIMUM = 3;

/** What an error log means, for people: the likely cause first. */
export function formatExplanation(explanation: LogExplanation, theme: Theme): string {
  const { isExplained, errors, skippedCharacters } = explanation;
  const columns = Math.min(theme.columns, COLUMNS_MAXIMUM);
  const whole = isExplained ? chooseWhole(errors) : [];
  const others = errors.filter((error) => !whole.includes(error));
  const sections = [
    ...(isExplained ? [] : [formatUnknown(explanation, columns)]),
    ...whole.map((error) => formatError(error, { theme, columns })),
    ...(others.length === 0 ? [] : [formatOthers(others, columns)]),
    ...(skippedCharacters === 0
      ? []
      : [`The log is very long: ${formatBytes(skippedCharacters)} in its middle were left out.`]),
  ];
  return `${sections.join('\n\n')}\n`;
}

/** What follows from something else is named only, where that is there. */
function chooseWhole(errors: readonly ExplainedError[]): readonly ExplainedError[] {
  const reasons = errors.filter(({ role }) => role === 'cause' || role === 'failure');
  const chosen = reasons.length > 0 ? reasons : errors.filter(({ role }) => role !== 'note');
  return chosen.slice(0, WHOLE_MAXIMUM);
}

function formatError(
  error: ExplainedError,
  { theme, columns }: { readonly theme: Theme; readonly columns: number },
): string {
  const { title, cudaError, lines, count, cause, here, fix, commands, sources } = error;
  const name = cudaError === undefined ? title : `${title} (CUDA error ${cudaError})`;
  const row = (label: string, text: string): string =>
    wrapText(stripControlCharacters(text), { columns, label: `  ${label.padEnd(6)}` });
  const more = count - lines.length;
  return [
    theme.strong(wrapText(stripControlCharacters(name), { columns })),
    ...lines.map((line, index) => row(index === 0 ? 'Log' : '', formatLine(line))),
    ...(more > 0 ? [row('', `and ${more} more ${more === 1 ? 'line' : 'lines'}`)] : []),
    row('Why', cause),
    ...here.map((sentence, index) => row(index === 0 ? 'Here' : '', sentence)),
    row('Fix', fix),
    // Not wrapped: they are to be pasted.
    ...commands.map((command) => `        $ ${stripControlCharacters(command)}`),
    ...sources.slice(0, 1).map((source) => row('See', source)),
  ].join('\n');
}

function formatLine({ number, text }: LogLine): string {
  return `${number}: ${text.trim()}`;
}

function formatOthers(errors: readonly ExplainedError[], columns: number): string {
  const rows = errors.map(({ lines, title }) =>
    wrapText(stripControlCharacters(title), {
      columns,
      label: `  line ${String(lines[0]?.number ?? 0).padEnd(5)} `,
    }),
  );
  return ['Also in this log', ...rows].join('\n');
}

function formatUnknown({ suspiciousLines }: LogExplanation, columns: number): string {
  const heading = 'Nothing in this log is known to llcuda as the reason of a failure.';
  if (suspiciousLines.length === 0) return `${heading}\nNo line looks like an error either.`;
  const rows = suspiciousLines.map((line) =>
    wrapText(stripControlCharacters(formatLine(line)), { columns, label: '  ' }),
  );
  return [heading, 'These lines look like errors:', ...rows].join('\n');
}
