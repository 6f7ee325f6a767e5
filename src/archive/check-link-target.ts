import { EXTRACTED_NAME_MAXIMUM_BYTES } from './limits.ts';
import { unsafeEntry } from './unsafe-entry.ts';

/**
 * Checks where a symbolic link leads. `..` is taken only at the start of the target: behind a name it would go up from
 * wherever that name leads, which can be another link. Throws `ARCHIVE_UNSAFE`.
 */
export function checkLinkTarget(parts: readonly string[], target: string): void {
  const name = parts.join('/');
  const isBad =
    target === '' ||
    Buffer.byteLength(target) > EXTRACTED_NAME_MAXIMUM_BYTES ||
    // oxlint-disable-next-line no-control-regex
    /[\u0000-\u001f\u007f\\:\ufffd]/u.test(target);
  if (isBad) throw unsafeEntry(name, 'it is a link to something that is no plain path');
  if (target.startsWith('/')) throw unsafeEntry(name, 'it is a link to an absolute path');
  const steps = target.split('/').filter((part) => part !== '' && part !== '.');
  const firstName = steps.findIndex((part) => part !== '..');
  const upCount = firstName === -1 ? steps.length : firstName;
  const leaves = upCount > parts.length - 1 || steps.slice(upCount).includes('..');
  if (leaves) throw unsafeEntry(name, `it is a link that leads out of the archive: ${target}`);
}
