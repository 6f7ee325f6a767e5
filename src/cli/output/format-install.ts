import type { InstalledServer } from '../../runtime/server/install-runtime.ts';
import type { InstallPlan } from '../../runtime/server/plan-install.ts';
import { formatBytes } from '../../units/format-bytes.ts';
import { stripControlCharacters } from '../../units/strip-control-characters.ts';
import { formatSwitch } from './format-switch.ts';
import { formatTable } from './format-table.ts';
import { wrapText } from './wrap-text.ts';

/** Sentences get hard to read when they are longer. */
const MAXIMUM_COLUMNS = 80;
/** Candidates in the table. */
const ROWS_MAXIMUM = 20;
/** Candidates whose reasons are printed where none runs. */
const REASONS_MAXIMUM = 5;

/** A table of the candidates with how each would run, and why the first was chosen, or why none was. */
export function formatPlan({ chosen, ranked }: InstallPlan, columns: number): string {
  const shown = ranked.slice(0, ROWS_MAXIMUM);
  const table = formatTable(
    [{ title: 'BUNDLE' }, { title: 'SIZE', align: 'right' }, { title: 'HERE' }],
    shown.map(({ bundle, outcome }) => [bundle.name, formatBytes(bundle.sizeBytes), outcome]),
  );
  const more = ranked.length > shown.length ? `and ${ranked.length - shown.length} more\n` : '';
  const explained = chosen === undefined ? ranked.slice(0, REASONS_MAXIMUM) : [chosen];
  const reasons = explained.flatMap(({ bundle, judgement }) => {
    if (judgement === undefined) return [];
    const reason = wrap(`${bundle.name}: ${judgement.reason}`, columns);
    return judgement.fix === undefined
      ? [reason]
      : [reason, wrap(judgement.fix, columns, '  Fix  ')];
  });
  const head = chosen === undefined ? 'None of them runs here.' : 'Chosen';
  return `${table}\n${more}\n${head}\n${reasons.join('\n')}\n`;
}

/** What was installed, why that one, and what was active before. */
export function formatInstall(installed: InstalledServer, columns: number): string {
  const { plan, runtime } = installed;
  const reason = plan?.chosen?.judgement?.reason;
  const why = reason === undefined ? '' : `${wrap(reason, columns, '  why: ')}\n`;
  const devices = runtime.devices.map((name) => `  GPU: ${name}\n`).join('');
  return `${formatSwitch(installed)}${why}${devices}`;
}

function wrap(text: string, columns: number, label = ''): string {
  return wrapText(stripControlCharacters(text), {
    columns: Math.min(columns, MAXIMUM_COLUMNS),
    label,
  });
}
