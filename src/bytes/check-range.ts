import { malformedError } from './malformed-error.ts';

/** Throws `BINARY_MALFORMED` unless `length` bytes at `offset` lie within `sizeBytes`. */
export function checkRange(
  range: { readonly offset: number; readonly length: number },
  sizeBytes: number,
  field: string = 'source',
): void {
  const { offset, length } = range;
  const isWithin =
    Number.isSafeInteger(offset) &&
    Number.isSafeInteger(length) &&
    offset >= 0 &&
    length >= 0 &&
    length <= sizeBytes - offset;
  if (isWithin) return;
  const reason = `${length} bytes there do not fit in ${sizeBytes}`;
  throw malformedError({ field, offset, reason });
}
