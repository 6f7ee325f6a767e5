import { checkGroups } from '../../doctor/check.ts';
import type { CheckResult, DoctorReport } from '../../doctor/doctor-report.ts';

/** A diagnosis to paste into an issue. Texts are escaped: none of them makes a heading, a link or a mention. */
export function formatDoctorMarkdown(report: DoctorReport): string {
  const { host, verdict, checks } = report;
  const gpus = host.gpus.map(({ name, capability }) =>
    capability === undefined ? name : `${name} (${capability})`,
  );
  const cuda = host.cuda === undefined ? '' : ` (CUDA ${host.cuda})`;
  const problems = checks.filter(({ status }) => status === 'fail' || status === 'warn');
  const sections = [
    '## llcuda doctor',
    [
      `- GPU: ${escapeText(gpus.length === 0 ? 'none' : gpus.join(', '))}`,
      `- Driver: ${escapeText(`${host.driver ?? 'none'}${cuda}`)}`,
      `- System: ${escapeText(host.system)}`,
    ].join('\n'),
    `**Verdict: ${escapeText(verdict.summary)}** ${escapeText(verdict.next)}`,
    ...(verdict.command === undefined ? [] : [fence([verdict.command])]),
    ...(problems.length === 0 ? [] : ['### Problems']),
    ...problems.map((check) => formatProblem(check)),
    '### All checks',
    formatTable(checks),
  ];
  return `${sections.join('\n\n')}\n`;
}

function formatProblem({
  id,
  status,
  summary,
  detail = [],
  fix,
  commands = [],
}: CheckResult): string {
  return [
    `**${status} ${id}**: ${escapeText(summary)}`,
    ...(detail.length === 0 ? [] : [detail.map((line) => `- ${escapeText(line)}`).join('\n')]),
    ...(fix === undefined ? [] : [`Fix: ${escapeText(fix)}`]),
    ...(commands.length === 0 ? [] : [fence(commands)]),
  ].join('\n\n');
}

function formatTable(checks: readonly CheckResult[]): string {
  const rows = checks.map(
    ({ group, id, status, summary }) =>
      `| ${checkGroups[group]} | ${id} | ${status} | ${escapeText(summary)} |`,
  );
  return ['| group | check | status | finding |', '| --- | --- | --- | --- |', ...rows].join('\n');
}

function escapeText(text: string): string {
  return text
    .replaceAll(/[\\`*_[\]<>|#~]/g, String.raw`\$&`)
    .replaceAll('@', '&#64;')
    .replaceAll('&lt;', '&amp;lt;');
}

/** A fence that nothing in it can close. */
function fence(lines: readonly string[]): string {
  const longest = Math.max(
    2,
    ...lines.flatMap((line) => [...line.matchAll(/`+/g)]).map(([ticks]) => ticks.length),
  );
  const mark = '`'.repeat(longest + 1);
  return [`${mark}sh`, ...lines, mark].join('\n');
}
