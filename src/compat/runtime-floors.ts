/** The lowest drivers that the CUDA runtime of a major version accepts. Below: error 35. */
export interface RuntimeFloor {
  readonly major: number;
  readonly linux: string;
  readonly windows: string;
}

/**
 * CUDA Compatibility guide and 13.4 U1 release notes: 11.x 450.80.02 and 452.39, 12.x 525.60.13 and 527.41,
 * 13.x any R580. There is no upper limit: a newer driver runs every older program.
 */
export const runtimeFloors: readonly RuntimeFloor[] = [
  { major: 11, linux: '450.80.02', windows: '452.39' },
  { major: 12, linux: '525.60.13', windows: '527.41' },
  { major: 13, linux: '580', windows: '580' },
];
