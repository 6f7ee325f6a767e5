import type { FileVerdict } from '../../compat/verdict.ts';
import type { UnreadableFile } from '../../inspect/inspect-report.ts';
import { stripControlCharacters } from '../../units/strip-control-characters.ts';
import type {
  InspectionFile,
  InspectionReport,
  JudgedFile,
  TargetReport,
} from '../inspect/inspect-target.ts';
import { formatFile } from './format-file.ts';
import { formatTarget, formatVerdict } from './format-verdict.ts';
import { wrapText } from './wrap-text.ts';

/** Files without GPU code that are named one by one. */
const NAMED_FILES_MAXIMUM = 8;

/** A report for people: the verdict, then the files, the worst first. */
export function formatInspection(report: InspectionReport, columns: number): string {
  const { targets = [] } = report;
  const { folder, files } = takeCommonFolder(report.files);
  const judged = files.filter((file) => 'images' in file);
  const unreadable = files.filter((file) => 'error' in file);
  const hasGpuCode = judged.filter((file) => file.images.length > 0 || fails(file.verdict));
  const without = judged.filter((file) => !hasGpuCode.includes(file));
  const blocks = hasGpuCode
    .toSorted((left, right) => rank(right) - rank(left))
    .map((file) => formatJudgedFile(file, targets, columns));
  // The verdict on a single file is the first line of its block.
  const hasHeadline = hasGpuCode.length > 1 || targets.length > 1;
  const sections = [
    ...(hasHeadline ? [formatHeadline(hasGpuCode, targets, columns)] : []),
    ...blocks,
    ...formatWithoutCode(without, columns),
    ...unreadable.map((file) => formatUnreadable(file, columns)),
    ...(folder === '' ? [] : [wrapText(`All in ${stripControlCharacters(folder)}`, { columns })]),
  ];
  return files.length === 0 ? 'No binaries found.\n' : `${sections.join('\n\n')}\n`;
}

/** Takes the folder, or archive, that all paths are in off them. */
function takeCommonFolder(files: readonly InspectionFile[]): {
  readonly folder: string;
  readonly files: readonly InspectionFile[];
} {
  const [first, ...others] = files.map(({ path }) => path);
  if (first === undefined || others.length === 0) return { folder: '', files };
  let length = first.lastIndexOf('/') + 1;
  while (length > 0 && !others.every((path) => path.startsWith(first.slice(0, length)))) {
    length = first.lastIndexOf('/', length - 2) + 1;
  }
  return {
    folder: first.slice(0, length),
    files: files.map((file) => Object.assign({}, file, { path: file.path.slice(length) })),
  };
}

function fails(verdict: FileVerdict | undefined): boolean {
  return verdict?.outcome === 'fail';
}

const severity: Readonly<Record<FileVerdict['outcome'], number>> = {
  none: 0,
  native: 1,
  jit: 2,
  fail: 3,
};

function rank({ verdict }: JudgedFile): number {
  return severity[verdict?.outcome ?? 'none'];
}

/** `2 of 5 files will not run on Tesla T4 (7.5), driver 580.82.07 (CUDA 13.0)`. */
function formatHeadline(
  files: readonly JudgedFile[],
  targets: readonly TargetReport[],
  columns: number,
): string {
  const [target] = targets;
  const all = `${files.length} ${files.length === 1 ? 'file' : 'files'}`;
  if (target === undefined) return wrapText(`${all} with GPU code`, { columns });
  if (files.length === 1) {
    const verdicts = files[0]?.verdicts ?? [];
    const failing = verdicts.filter((verdict) => fails(verdict)).length;
    const share = failing === 0 ? `all ${targets.length}` : `${failing} of ${targets.length}`;
    return `It will ${failing === 0 ? '' : 'not '}run on ${share} targets`;
  }
  const failing = files.filter(({ verdict }) => fails(verdict)).length;
  if (files.length === 0) return 'There is no GPU code in these files';
  const isOne = targets.length === 1;
  const text =
    failing === 0
      ? `All ${all} with GPU code will run on ${isOne ? formatTarget(target) : `all ${targets.length} targets`}`
      : `${failing} of ${all} will not run on ${isOne ? formatTarget(target) : `one or more of ${targets.length} targets`}`;
  return wrapText(text, { columns });
}

function formatJudgedFile(
  file: JudgedFile,
  targets: readonly TargetReport[],
  columns: number,
): string {
  const verdicts = file.verdicts ?? (file.verdict === undefined ? [] : [file.verdict]);
  const parts = verdicts.map((verdict, index) => {
    const target = targets[index];
    return target === undefined ? '' : formatVerdict(verdict, { path: file.path, target, columns });
  });
  const isPathKnown = parts.length > 0;
  return [...parts, formatFile(file, { columns, isPathKnown })].join('\n\n');
}

function formatWithoutCode(files: readonly JudgedFile[], columns: number): readonly string[] {
  if (files.length === 0) return [];
  const names = files.slice(0, NAMED_FILES_MAXIMUM).map(({ path }) => stripControlCharacters(path));
  const rest = files.length - names.length;
  const more = rest === 0 ? '' : ` and ${rest} more (--json has them all)`;
  return [wrapText(`${names.join(', ')}${more}`, { columns, label: 'No GPU code: ' })];
}

function formatUnreadable({ path, error }: UnreadableFile, columns: number): string {
  const text = stripControlCharacters(`${path} (${error.code}): ${error.message}`);
  return wrapText(text, { columns, label: 'Not read: ' });
}

/** Exit code 1 for a verdict `fail` and for images that cannot be decoded. */
export function isFailedInspection(files: readonly InspectionFile[]): boolean {
  return files.some((file) => {
    if ('error' in file) return false;
    const damaged = file.decoded?.failures.some(({ code }) => code !== 'BINARY_UNSUPPORTED');
    return fails(file.verdict) || damaged === true;
  });
}
