import { posix } from 'node:path';

export interface TarPolicy {
  readonly maximumEntries: number;
  readonly maximumBytes: number;
}

/** What a header says of an entry. */
export interface TarEntryHeader {
  readonly path: string;
  readonly type: string;
  readonly linkpath?: string | undefined;
  readonly size?: number | undefined;
  readonly mode?: number | undefined;
}

/** What came before in the same archive: each path with its type. */
export interface TarEntriesSeen {
  readonly paths: Map<string, string>;
  totalBytes: number;
}

const FILES = new Set(['File', 'OldFile', 'ContiguousFile']);
const SETUID_SETGID = 0o6000;

/** Why an entry must not be unpacked, if so; otherwise it is noted as seen. */
export function checkTarEntry(
  entry: TarEntryHeader,
  seen: TarEntriesSeen,
  policy: TarPolicy,
): string | undefined {
  const { type, size = 0, mode = 0 } = entry;
  const path = posix.normalize(entry.path).replace(/\/$/, '');
  const problem =
    checkPath(entry.path, path) ??
    checkType(entry, path) ??
    checkParents(path, seen) ??
    checkDuplicate({ path, type }, seen);
  if (problem !== undefined) return problem;
  if ((mode & SETUID_SETGID) !== 0) return `${path} is setuid or setgid`;
  seen.paths.set(path, type);
  seen.totalBytes += size;
  if (seen.paths.size > policy.maximumEntries)
    return `it has over ${policy.maximumEntries} entries`;
  if (seen.totalBytes > policy.maximumBytes)
    return `it unpacks to over ${policy.maximumBytes} bytes`;
  return undefined;
}

function checkPath(written: string, path: string): string | undefined {
  if (written.includes('\0') || written.includes('\\')) return `a path is malformed: ${written}`;
  if (posix.isAbsolute(written) || /^[a-z]:/i.test(written))
    return `${written} is an absolute path`;
  if (written.split('/').includes('..')) return `${written} leads out of the archive`;
  return path === '' ? 'an entry has no name' : undefined;
}

function checkType({ type, linkpath = '' }: TarEntryHeader, path: string): string | undefined {
  if (FILES.has(type) || type === 'Directory') return undefined;
  if (type !== 'SymbolicLink') return `${path} is a ${type}, no file`;
  const target = posix.normalize(posix.join(posix.dirname(path), linkpath));
  const leaves = posix.isAbsolute(linkpath) || target === '..' || target.startsWith('../');
  return leaves ? `the link ${path} leads out of the archive` : undefined;
}

/** Nothing is written through a link, wherever it leads. */
function checkParents(path: string, { paths }: TarEntriesSeen): string | undefined {
  for (let parent = posix.dirname(path); parent !== '.'; parent = posix.dirname(parent)) {
    const type = paths.get(parent);
    if (type !== undefined && type !== 'Directory')
      return `${path} lies below ${parent}, a ${type}`;
  }
  return undefined;
}

function checkDuplicate(
  { path, type }: { readonly path: string; readonly type: string },
  { paths }: TarEntriesSeen,
): string | undefined {
  const before = paths.get(path);
  return before === undefined || (before === 'Directory' && type === 'Directory')
    ? undefined
    : `${path} is in it twice`;
}
