/** What `NINJA_STATUS` is set to, so that its lines can be told from those of compilers. */
export const NINJA_STATUS = '[%f/%t] ';

export interface BuildStatus {
  readonly done: number;
  readonly total: number;
}

/** Reads `[12/210] Building ...` of ninja and `[ 12%] Building ...` of make. `undefined` for any other line. */
export function parseBuildStatus(line: string): BuildStatus | undefined {
  const ninja = /^\[(\d{1,6})\/(\d{1,6})\] /.exec(line);
  if (ninja !== null) return { done: Number(ninja[1]), total: Number(ninja[2]) };
  const make = /^\[ {0,2}(\d{1,3})%\] /.exec(line);
  return make === null ? undefined : { done: Number(make[1]), total: 100 };
}
