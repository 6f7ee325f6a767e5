import { detectFormat, type FileFormat } from '../binary/detect-format.ts';

const EXAMINED: ReadonlySet<FileFormat> = new Set([
  'elf',
  'pe',
  'ar',
  'fatbin',
  'cubin',
  'ptx',
  // It can't be read, and whoever looks for GPU code should be told so.
  'macho',
]);

/** Whether a file in a folder or archive is one to look for GPU code in, by its first bytes. */
export function isExaminedFormat(head: Uint8Array): boolean {
  return EXAMINED.has(detectFormat(head));
}
