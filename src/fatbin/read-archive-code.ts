import { detectFormat, type FileFormat } from '../binary/detect-format.ts';
import { FORMAT_HEAD_BYTES } from '../binary/limits.ts';
import { noLibraries } from '../binary/linked-libraries.ts';
import { readArchiveMembers, type ArchiveMember } from '../binary/read-archive-members.ts';
import type { ByteSource } from '../bytes/byte-source.ts';
import { createSubSource } from '../bytes/create-sub-source.ts';
import type { Fatbin } from './fatbin.ts';
import type { FatbinOptions } from './read-fatbin.ts';
import { readHostCode, type HostCode, type HostFormat } from './read-host-code.ts';

/** Reads the GPU code of every member of an archive. Members of no format that can hold any are passed over. */
export async function readArchiveCode(
  source: ByteSource,
  options: FatbinOptions = {},
): Promise<HostCode> {
  const fatbins: Fatbin[] = [];
  for await (const member of readArchiveMembers(source, options)) {
    const bytes = createSubSource(source, member.offset, member.sizeBytes);
    const head = await bytes.read(0, Math.min(FORMAT_HEAD_BYTES, bytes.sizeBytes), options);
    const format = detectFormat(head);
    if (!isHostFormat(format)) continue;
    const code = await readHostCode(bytes, format, options);
    fatbins.push(...code.fatbins.map((fatbin) => moveFatbin(fatbin, member)));
  }
  return { architecture: undefined, fatbins, libraries: noLibraries };
}

function isHostFormat(format: FileFormat): format is HostFormat {
  return ['elf', 'pe', 'coff', 'fatbin', 'cubin', 'ptx'].includes(format);
}

/** Makes offsets in a member offsets in its archive. */
function moveFatbin(fatbin: Fatbin, member: ArchiveMember): Fatbin {
  const images = fatbin.images.map((image) =>
    Object.assign({}, image, {
      offset: image.offset + member.offset,
      payloadOffset: image.payloadOffset + member.offset,
    }),
  );
  return { ...fatbin, offset: fatbin.offset + member.offset, member: member.name, images };
}
