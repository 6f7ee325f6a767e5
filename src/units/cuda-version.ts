/** A CUDA version, as a toolkit has it and as a driver reports it: `12.4`. */
export interface CudaVersion {
  readonly major: number;
  readonly minor: number;
}

/** Reads `12.4`, `12.4.1` (the patch is dropped) and `13` (13.0). `undefined` for anything else. */
export function parseCudaVersion(text: string): CudaVersion | undefined {
  const match = /^(\d{1,3})(?:\.(\d{1,3})(?:\.\d{1,5})*)?$/.exec(text.trim());
  return match === null ? undefined : { major: Number(match[1]), minor: Number(match[2] ?? 0) };
}

/** Negative, zero or positive, as `Array.prototype.sort` wants it. */
export function compareCudaVersions(left: CudaVersion, right: CudaVersion): number {
  return left.major - right.major || left.minor - right.minor;
}

/** `12.4`. */
export function formatCudaVersion(version: CudaVersion): string {
  return `${version.major}.${version.minor}`;
}
