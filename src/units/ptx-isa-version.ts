/** A version of the PTX language, as `.version 8.4` states it. */
export interface PtxIsaVersion {
  readonly major: number;
  readonly minor: number;
}

/** Reads `8.4`. `undefined` for anything else. */
export function parsePtxIsaVersion(text: string): PtxIsaVersion | undefined {
  const match = /^(\d{1,3})\.(\d{1,3})$/.exec(text.trim());
  return match === null ? undefined : { major: Number(match[1]), minor: Number(match[2]) };
}

/** Negative, zero or positive, as `Array.prototype.sort` wants it. */
export function comparePtxIsaVersions(left: PtxIsaVersion, right: PtxIsaVersion): number {
  return left.major - right.major || left.minor - right.minor;
}

/** `8.4`. */
export function formatPtxIsaVersion(version: PtxIsaVersion): string {
  return `${version.major}.${version.minor}`;
}
