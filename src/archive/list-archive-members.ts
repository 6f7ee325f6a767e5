import type { ByteSource } from '../bytes/byte-source.ts';
import { rangeUnsupported } from '../net/remote-file.ts';
import type { ArchiveMember } from './archive-member.ts';
import type { ArchiveFormat } from './detect-archive.ts';
import { listCompressedTarMembers } from './list-compressed-tar-members.ts';
import { listTarMembers } from './list-tar-members.ts';
import { listZipMembers, type ListMembersOptions } from './list-zip-members.ts';

/**
 * Lists the binaries in an archive: zip (and wheels, nupkg), tar, tar.gz, tar.zst, and conda packages, which are a zip
 * with a tar.zst. Other archives inside archives are passed over. Nothing is unpacked to disk.
 */
export async function* listArchiveMembers(
  source: ByteSource,
  format: ArchiveFormat,
  options: ListMembersOptions = {},
): AsyncGenerator<ArchiveMember, void, void> {
  switch (format) {
    case 'zip':
      yield* listZipOrConda(source, options);
      return;
    case 'tar':
      yield* listTarMembers(source, options);
      return;
    case 'gzip':
    case 'zstd':
      checkLocal(options);
      yield* listCompressedTarMembers(source, format, options);
      return;
    default:
      format satisfies never;
  }
}

/** A stream would have to be fetched from its start, and more than once. */
function checkLocal({ remoteUrl }: ListMembersOptions): void {
  if (remoteUrl === undefined) return;
  throw rangeUnsupported(remoteUrl, 'a compressed tar has no directory');
}

/** conda's package format 2: `pkg-NAME.tar.zst` has the files, `info-NAME.tar.zst` the metadata. */
function isCondaFiles(name: string): boolean {
  return /^pkg-[^/]+\.tar\.zst$/.test(name);
}

async function* listZipOrConda(
  source: ByteSource,
  options: ListMembersOptions,
): AsyncGenerator<ArchiveMember, void, void> {
  const wanted = { ...options, isWanted: isCondaFiles };
  for await (const member of listZipMembers(source, wanted)) {
    if (member.source === undefined || !isCondaFiles(member.name)) {
      yield member;
      continue;
    }
    checkLocal(options);
    for await (const inner of listCompressedTarMembers(member.source, 'zstd', options)) {
      yield { ...inner, name: `${member.name}!/${inner.name}` };
    }
  }
}
