export interface ContentRange {
  readonly firstByte: number;
  readonly lastByte: number;
  readonly totalBytes: number;
}

/** Reads `bytes 0-511/158993272`. `undefined` for anything else, also for a total that is not told. RFC 9110, 14.4. */
export function parseContentRange(text: string | null): ContentRange | undefined {
  const match = /^bytes (\d{1,15})-(\d{1,15})\/(\d{1,15})$/i.exec(text ?? '');
  if (match === null) return undefined;
  const [firstByte, lastByte, totalBytes] = [Number(match[1]), Number(match[2]), Number(match[3])];
  const isSound = firstByte <= lastByte && lastByte < totalBytes;
  return isSound ? { firstByte, lastByte, totalBytes } : undefined;
}
