import { decodeText } from '../bytes/decode-text.ts';
import { ELF_MACHINE_CUDA } from './elf-file.ts';
import { FORMAT_HEAD_BYTES } from './limits.ts';
import { stripPtxComments } from './strip-ptx-comments.ts';

/** `coff` is an object file of Windows: there is no magic number, so it is believed only inside an archive. */
export type FileFormat =
  | 'elf'
  | 'cubin'
  | 'pe'
  | 'coff'
  | 'ar'
  | 'fatbin'
  | 'ptx'
  | 'macho'
  | 'zip'
  | 'gzip'
  | 'zstd'
  | 'unknown';

/** Tells a file's format from its first bytes; `FORMAT_HEAD_BYTES` of them, or all when there are fewer. */
export function detectFormat(head: Uint8Array): FileFormat {
  if (startsWith(head, 0x7f, 0x45, 0x4c, 0x46)) return isCubin(head) ? 'cubin' : 'elf';
  if (startsWith(head, 0x50, 0xed, 0x55, 0xba) || startsWith(head, 0x01, 0x5a, 0xe5, 0x1e)) {
    return 'fatbin';
  }
  if (startsWith(head, 0x4d, 0x5a)) return 'pe';
  if (startsWith(head, 0x21, 0x3c) && (isText(head, '!<arch>\n') || isText(head, '!<thin>\n'))) {
    return 'ar';
  }
  if (isMachO(head)) return 'macho';
  if (startsWith(head, 0x50, 0x4b, 3, 4) || startsWith(head, 0x50, 0x4b, 5, 6)) return 'zip';
  if (startsWith(head, 0x1f, 0x8b)) return 'gzip';
  if (startsWith(head, 0x28, 0xb5, 0x2f, 0xfd)) return 'zstd';
  if (isPtx(head)) return 'ptx';
  return isCoff(head) ? 'coff' : 'unknown';
}

function startsWith(head: Uint8Array, ...bytes: readonly number[]): boolean {
  return bytes.every((byte, index) => head[index] === byte);
}

function isText(head: Uint8Array, text: string): boolean {
  return startsWith(head, ...Array.from(text, (character) => character.charCodeAt(0)));
}

/** e_machine, at offset 18 of every ELF file; little endian, as cubins are. */
function isCubin(head: Uint8Array): boolean {
  return head[18] === ELF_MACHINE_CUDA && head[19] === 0;
}

/** All magic numbers of mach-o/loader.h and mach-o/fat.h: 32 and 64 bits, both byte orders, universal. */
function isMachO(head: Uint8Array): boolean {
  const [first = 0, second = 0, third = 0, fourth = 0] = head;
  const magic = ((first << 24) | (second << 16) | (third << 8) | fourth) >>> 0;
  switch (magic) {
    case 0xfeedface:
    case 0xfeedfacf:
    case 0xcefaedfe:
    case 0xcffaedfe:
    case 0xcafebabf:
    case 0xbebafeca:
    case 0xbfbafeca:
      return true;
    case 0xcafebabe:
      // Java classes start the same way, with a version of 45 or more where a universal file counts its parts.
      return head[4] === 0 && head[5] === 0 && head[6] === 0 && (head[7] ?? 45) < 45;
    default:
      return false;
  }
}

/** White space and comments, then `.version`: PTX ISA, "PTX Module Directives". */
function isPtx(head: Uint8Array): boolean {
  const text = decodeText(head.subarray(0, FORMAT_HEAD_BYTES));
  return /^\s*\.version\s/.test(stripPtxComments(text));
}

/** Machine x86-64 or AArch64, some sections, and no optional header: PE specification, "COFF File Header". */
function isCoff(head: Uint8Array): boolean {
  if (isBigCoff(head)) return true;
  const isMachine = startsWith(head, 0x64, 0x86) || startsWith(head, 0x64, 0xaa);
  const hasSections = (head[2] ?? 0) + (head[3] ?? 0) > 0;
  return isMachine && hasSections && head[16] === 0 && head[17] === 0;
}

/** An object compiled with `/bigobj`: winnt.h, ANON_OBJECT_HEADER_BIGOBJ. Version 0 would be an import object. */
export function isBigCoff(head: Uint8Array): boolean {
  return startsWith(head, 0, 0, 0xff, 0xff) && (head[4] ?? 0) >= 2 && head[5] === 0;
}
