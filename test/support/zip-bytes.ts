import { crc32, deflateRawSync } from 'node:zlib';

export interface ZipMember {
  readonly name: string;
  readonly content: Uint8Array;
  /** @defaultValue true */
  readonly isDeflated?: boolean;
  /** The size that the archive claims for the content. @defaultValue the true one */
  readonly claimedBytes?: number;
  /** Unix mode with the type of the file, as `0o120777` for a link. @defaultValue none: made on MS-DOS */
  readonly mode?: number;
}

/** A zip archive, member after member, then the central directory. */
export function zipBytes(members: readonly ZipMember[]): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const member of members) {
    const isDeflated = member.isDeflated ?? true;
    const data = isDeflated ? deflateRawSync(member.content) : Buffer.from(member.content);
    const name = Buffer.from(member.name);
    // Version 2.0, no flags, the method, no date: what both headers have in common.
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(isDeflated ? 8 : 0, 4);
    common.writeUInt32LE(crc32(member.content), 10);
    common.writeUInt32LE(data.length, 14);
    common.writeUInt32LE(member.claimedBytes ?? member.content.length, 18);
    common.writeUInt16LE(name.length, 22);
    const local = Buffer.concat([Buffer.from('PK\u0003\u0004'), common, name, data]);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(((member.mode ?? 0) << 16) >>> 0, 6);
    rest.writeUInt32LE(offset, 10);
    const madeBy = member.mode === undefined ? '\u0000' : '\u0003';
    directory.push(
      Buffer.concat([Buffer.from(`PK\u0001\u0002\u0014${madeBy}`), common, rest, name]),
    );
    parts.push(local);
    offset += local.length;
  }
  const end = Buffer.alloc(18);
  end.writeUInt16LE(members.length, 4);
  end.writeUInt16LE(members.length, 6);
  end.writeUInt32LE(Buffer.concat(directory).length, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...parts, ...directory, Buffer.from('PK\u0005\u0006'), end]);
}
