import type { ByteSource, ReadOptions } from '../bytes/byte-source.ts';
import { WRAPPERS_MAXIMUM_BYTES } from './limits.ts';

/** `.nvFatBinSegment` holds a record for each container that a program registers. Windows cuts the name. */
const WRAPPER_SECTIONS: ReadonlySet<string> = new Set(['.nvFatBinSegment', '.nvFatBi']);
/** fatbinary_section.h: FATBINC_MAGIC. */
const WRAPPER_MAGIC = 0x466243b1;
/** Magic, version, the address of the container, the address of what was linked before. */
const WRAPPER_BYTES = 24;
/** fatbinary_section.h: FATBINC_VERSION. The containers of a device link have FATBINC_LINK_VERSION, 2. */
const PLAIN_VERSION = 1;

interface WrapperSection {
  readonly name: string;
  readonly offset: number;
  readonly sizeBytes: number;
}

/**
 * Whether one of a program's containers may be of nvcc's device link: one record says so, or not all can be read.
 * Seen with nvcc 13.0 and 13.5: each of their stubs has such a record, and no library without a device link has one.
 */
export async function mayHoldStubs(
  source: ByteSource,
  sections: readonly WrapperSection[],
  options: ReadOptions,
): Promise<boolean> {
  const wrappers = sections.filter(({ name }) => WRAPPER_SECTIONS.has(name));
  if (wrappers.length === 0) return true;
  for (const { offset, sizeBytes } of wrappers) {
    const isReadable =
      sizeBytes <= WRAPPERS_MAXIMUM_BYTES && offset + sizeBytes <= source.sizeBytes;
    if (!isReadable || !areAllPlain(await source.read(offset, sizeBytes, options))) return true;
  }
  return false;
}

/** Windows pads the section with zeros. */
function areAllPlain(bytes: Uint8Array): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 0; at + WRAPPER_BYTES <= bytes.length; at += WRAPPER_BYTES) {
    const magic = view.getUint32(at, true);
    const version = view.getUint32(at + 4, true);
    const isPadding = magic === 0 && version === 0;
    if (!isPadding && (magic !== WRAPPER_MAGIC || version !== PLAIN_VERSION)) return false;
  }
  return true;
}
