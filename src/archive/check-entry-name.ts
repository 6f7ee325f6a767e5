import {
  EXTRACTED_DEPTH_MAXIMUM,
  EXTRACTED_NAME_MAXIMUM_BYTES,
  EXTRACTED_PART_MAXIMUM_BYTES,
} from './limits.ts';
import { unsafeEntry } from './unsafe-entry.ts';

// C0 and C1 controls, what Windows forbids or gives a meaning (`C:`, `file:stream`, backslash), what text direction
// hides, and what stands for bytes that were no UTF-8.
const FORBIDDEN =
  // oxlint-disable-next-line no-control-regex
  /[\u0000-\u001f\u007f-\u009f<>:"|?*\\\u200e\u200f\u2028-\u202e\u2066-\u2069\ufffd]/u;

/** Names that stand for devices in every folder of Windows. */
const DEVICE = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i;

/**
 * The parts of the name of an archive's entry. A leading `./` and a slash at the end are dropped; `./` itself has no
 * parts. Throws `ARCHIVE_UNSAFE` for every name that could mean another place on some system.
 */
export function checkEntryName(name: string): readonly string[] {
  if (name === '') throw unsafeEntry(name, 'it has no name');
  if (Buffer.byteLength(name) > EXTRACTED_NAME_MAXIMUM_BYTES) {
    throw unsafeEntry(name, `its name is longer than ${EXTRACTED_NAME_MAXIMUM_BYTES} bytes`);
  }
  if (name.startsWith('/')) throw unsafeEntry(name, 'its name is an absolute path');
  const parts = name
    .replace(/^(?:\.\/)+/, '')
    .replace(/\/$/, '')
    .split('/');
  if (parts.length === 1 && (parts[0] === '' || parts[0] === '.')) return [];
  if (parts.length > EXTRACTED_DEPTH_MAXIMUM) {
    throw unsafeEntry(name, `it lies deeper than ${EXTRACTED_DEPTH_MAXIMUM} folders`);
  }
  for (const part of parts) checkPart(name, part);
  return parts;
}

function checkPart(name: string, part: string): void {
  if (part === '..') throw unsafeEntry(name, 'its name leads out of the archive');
  if (part === '' || part === '.') throw unsafeEntry(name, 'its name has an empty part');
  if (Buffer.byteLength(part) > EXTRACTED_PART_MAXIMUM_BYTES) {
    throw unsafeEntry(
      name,
      `a part of its name is longer than ${EXTRACTED_PART_MAXIMUM_BYTES} bytes`,
    );
  }
  if (FORBIDDEN.test(part))
    throw unsafeEntry(name, 'its name holds characters that file names must not');
  if (/[. ]$/.test(part)) throw unsafeEntry(name, 'a part of its name ends in a dot or blank');
  if (DEVICE.test(part)) throw unsafeEntry(name, 'its name stands for a device on Windows');
}
