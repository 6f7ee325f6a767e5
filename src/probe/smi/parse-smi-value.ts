import { cleanText } from '../clean-text.ts';

/** `N/A`, `[N/A]`, `[Not Supported]`, `[Unknown Error]`, `[Insufficient Permissions]`, `Requested functionality has been deprecated`. */
const NO_VALUE =
  /^\[?(?:n\/a|not supported|unknown error|insufficient permissions|not found|gpu requires reset|none|requested functionality has been deprecated)\]?$/i;
const MIB = 1024 * 1024;

/** A value as nvidia-smi prints it; `undefined` where it says that there is none. */
export function parseSmiText(text: string | undefined): string | undefined {
  const value = cleanText(text);
  return value === undefined || NO_VALUE.test(value) ? undefined : value;
}

/** The number of `15360 MiB`, `70.00 W`, `1590 MHz`, `39 C`, `0 %`. */
export function parseSmiNumber(text: string | undefined): number | undefined {
  const match = /^(\d{1,12}(?:[.,]\d{1,6})?)(?: ?(?:MiB|W|MHz|C|%))?$/.exec(text?.trim() ?? '');
  return match?.[1] === undefined ? undefined : Number(match[1].replace(',', '.'));
}

/** Bytes of `15360 MiB` and, of a query without units, of `15360`. */
export function parseSmiMemory(text: string | undefined): number | undefined {
  const value = parseSmiNumber(text);
  return value === undefined ? undefined : value * MIB;
}

/** `Enabled` and `Disabled`; `unsupported` for a GPU without such a thing. */
export function parseSmiMode(
  text: string | undefined,
): 'enabled' | 'disabled' | 'unsupported' | undefined {
  const value = text?.trim().toLowerCase();
  if (value === 'enabled' || value === 'disabled') return value;
  return value !== undefined && NO_VALUE.test(value) ? 'unsupported' : undefined;
}
