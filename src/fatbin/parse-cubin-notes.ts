import { ByteCursor } from '../bytes/byte-cursor.ts';

export interface CubinNotes {
  /** Times ten: 130 is 13.0. */
  readonly cudaVersion?: number;
  /** As `Cuda compilation tools, release 13.0, V13.0.88`. */
  readonly version?: string;
  /** Of ptxas, as `-arch sm_90a -m 64`. */
  readonly options?: string;
}

const TYPE_CUDA_INFO = 1000;
const TYPE_TOOL_INFO = 2000;

/** Parses the notes of one section: name, description and type, each part padded to 4 bytes. `elf.h`: Elf64_Nhdr. */
export function parseCubinNotes(cursor: ByteCursor): CubinNotes {
  const notes: CubinNotes = {};
  // Every note takes 12 bytes or more, so this ends.
  while (cursor.remainingBytes >= 12) {
    const nameBytes = cursor.u32('cubin.note.nameSize');
    const descriptionBytes = cursor.u32('cubin.note.size');
    const type = cursor.u32('cubin.note.type');
    cursor.skip(nameBytes, 'cubin.note.name');
    skipPadding(cursor, nameBytes);
    const description = cursor.bytes(descriptionBytes, 'cubin.note.description');
    skipPadding(cursor, descriptionBytes);
    if (type === TYPE_CUDA_INFO) Object.assign(notes, parseCudaInfo(description));
    if (type === TYPE_TOOL_INFO) Object.assign(notes, parseToolInfo(description));
  }
  return notes;
}

/** `u16 2; u16 sm; u16 CUDA version x10; u16 0`. */
function parseCudaInfo(description: Uint8Array): CubinNotes {
  return { cudaVersion: new ByteCursor(description).skip(4, 'cubin.cuinfo').u16('cubin.cuinfo') };
}

/** `u32 2`, the offsets of five texts (file, tool, version, build, options), then the texts. */
function parseToolInfo(description: Uint8Array): CubinNotes {
  const cursor = new ByteCursor(description);
  const textsOffset = 24;
  const versionOffset = cursor.skip(12, 'cubin.tkinfo').u32('cubin.tkinfo');
  const optionsOffset = cursor.skip(4, 'cubin.tkinfo').u32('cubin.tkinfo');
  const readText = (offset: number): string =>
    cursor
      .seek(textsOffset + offset, 'cubin.tkinfo')
      .text('cubin.tkinfo')
      .trim();
  return { version: readText(versionOffset), options: readText(optionsOffset) };
}

function skipPadding(cursor: ByteCursor, length: number): void {
  // The last part may lack its padding.
  cursor.skip(Math.min((4 - (length % 4)) % 4, cursor.remainingBytes), 'cubin.note.padding');
}
