import { checkCompatibility } from '../../compat/check-compatibility.ts';
import { createCompatCode } from '../../compat/create-compat-code.ts';
import type { FileVerdict } from '../../compat/verdict.ts';
import { describeError } from '../../errors/describe-error.ts';
import { decodeImages } from '../../inspect/decode-images.ts';
import { describeFile } from '../../inspect/describe-file.ts';
import type { ExamineOptions } from '../../inspect/inspect-options.ts';
import { visitBinaries, type OpenBinary } from '../../inspect/visit-binaries.ts';
import type {
  InspectionFile,
  InspectionReport,
  InspectTarget,
  TargetVerdict,
} from './inspect-target.ts';
import { describeTargetFacts } from './resolve-inspect-targets.ts';
import { visitPaths } from './visit-paths.ts';

export interface InspectPathsOptions extends ExamineOptions {
  readonly targets: readonly InspectTarget[];
}

/** Examines every path for every target, each file once. Throws what `inspectBinary` throws, of a single path only. */
export async function inspectPaths(
  paths: readonly string[],
  options: InspectPathsOptions,
): Promise<InspectionReport> {
  const files: InspectionFile[] = [];
  const { targets } = options;
  const visit = async (path: string): Promise<void> => {
    const found: InspectionFile[] = [];
    await visitBinaries(path, options, async (binary) => {
      found.push(await judgeBinary(binary, options));
    });
    files.push(...found.sort(byPath));
  };
  await visitPaths(paths, visit, (path, error) => files.push(describeUnreadable(path, error)));
  return {
    schemaVersion: 1,
    ...(targets.length > 0 && { targets: targets.map((target) => describeTargetFacts(target)) }),
    files,
  };
}

async function judgeBinary(
  binary: OpenBinary,
  { targets, deep = false, signal }: InspectPathsOptions,
): Promise<InspectionFile> {
  if (binary.code === undefined) return describeUnreadable(binary.path, binary.error);
  const { path, code, source } = binary;
  const compatCode = createCompatCode(code);
  const verdicts = targets.map(({ text, facts, isSystemStated }) => {
    const os = code.format === 'pe' && !isSystemStated ? 'windows' : facts.os;
    return Object.assign({ target: text }, checkCompatibility(compatCode, { ...facts, os }));
  });
  const verdict = findWorst(verdicts);
  return {
    ...describeFile(path, code),
    ...(deep && { decoded: await decodeImages(source, code.fatbins, { signal }) }),
    ...(verdict !== undefined && { verdict }),
    ...(verdicts.length > 1 && { verdicts }),
  };
}

const severity: Readonly<Record<FileVerdict['outcome'], number>> = {
  none: 0,
  native: 1,
  jit: 2,
  fail: 3,
};

/** The first of the worst. */
function findWorst(verdicts: readonly TargetVerdict[]): FileVerdict | undefined {
  const [worst] = verdicts.toSorted(
    (left, right) => severity[right.outcome] - severity[left.outcome],
  );
  if (worst === undefined) return undefined;
  const { target: _, ...verdict } = worst;
  return verdict;
}

function describeUnreadable(path: string, error: unknown): InspectionFile {
  const { code, message } = describeError(error);
  return { path, error: { code, message } };
}

function byPath(left: InspectionFile, right: InspectionFile): number {
  return left.path < right.path ? -1 : Number(left.path > right.path);
}
