import { createCompatCode } from '../../compat/create-compat-code.ts';
import { createMatrix, type Matrix } from '../../compat/create-matrix.ts';
import { describeError } from '../../errors/describe-error.ts';
import type { ExamineOptions } from '../../inspect/inspect-options.ts';
import type { UnreadableFile } from '../../inspect/inspect-report.ts';
import { visitBinaries } from '../../inspect/visit-binaries.ts';
import { visitPaths } from './visit-paths.ts';

/** What `llcuda inspect --matrix --json` prints. Files without GPU code are left out. */
export interface MatrixReport {
  readonly schemaVersion: 1;
  readonly files: readonly (FileMatrix | UnreadableFile)[];
}

export interface FileMatrix {
  readonly path: string;
  readonly matrix: Matrix;
}

/** Linux: as `matrixDrivers` has them, but short enough for tables of 80 columns. */
const drivers = ['470', '535', '550.54.15', '570', '580.82.07', '590', '610'] as const;

/** The matrix of every binary with GPU code at some paths. */
export async function createMatrices(
  paths: readonly string[],
  options: ExamineOptions,
): Promise<MatrixReport> {
  const files: (FileMatrix | UnreadableFile)[] = [];
  const onError = (path: string, error: unknown): void => {
    const { code, message } = describeError(error);
    files.push({ path, error: { code, message } });
  };
  const visit = async (path: string): Promise<void> =>
    visitBinaries(path, options, async (binary) => {
      if (binary.code === undefined) onError(binary.path, binary.error);
      else if (binary.code.fatbins.some(({ isStub }) => !isStub)) {
        const matrixOptions =
          binary.code.format === 'pe' ? { os: 'windows' as const } : { drivers };
        const matrix = createMatrix(createCompatCode(binary.code), matrixOptions);
        files.push({ path: binary.path, matrix });
      }
    });
  await visitPaths(paths, visit, onError);
  return { schemaVersion: 1, files };
}
