import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { checkLimit } from '../bytes/check-limit.ts';
import { asReadError } from './as-read-error.ts';
import { FOLDER_DEPTH_MAXIMUM, FOLDER_FILES_MAXIMUM } from './limits.ts';

export interface FoundFile {
  readonly path: string;
  /** Why it, or the folder of this path, cannot be looked at. `undefined`: it can. */
  readonly error: unknown;
}

/**
 * Finds the regular files in a folder and below, sorted by path, each file once: further hard links, and symbolic
 * links to what was found already, are passed over. A symbolic link to a file is followed wherever it leads; one to
 * a folder never: inside the folder it adds nothing, and outside it could bring in the whole machine. Dangling links
 * and special files are passed over. Throws `SOURCE_UNREADABLE` for the folder itself, `BINARY_TOO_LARGE` above the
 * limits.
 */
export async function findFiles(
  folder: string,
  options: { readonly signal?: AbortSignal | undefined } = {},
): Promise<readonly FoundFile[]> {
  const walk: Walk = { signal: options.signal, visited: new Set(), found: [], links: [] };
  await visitFolder(folder, 0, walk);
  const [first] = walk.found;
  if (first?.path === folder) throw first.error;
  // After what is no link, so that a file is listed by its own name.
  for (const path of walk.links.toSorted(byCodePoint)) await visitFile(path, walk);
  return walk.found.sort((left, right) => byCodePoint(left.path, right.path));
}

interface Walk {
  readonly signal: AbortSignal | undefined;
  /** Device and inode. */
  readonly visited: Set<string>;
  readonly found: FoundFile[];
  readonly links: string[];
}

async function visitFolder(folder: string, depth: number, walk: Walk): Promise<void> {
  walk.signal?.throwIfAborted();
  checkLimit('folder.depth', depth, FOLDER_DEPTH_MAXIMUM);
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
    walk.found.push({ path: folder, error: asReadError(error, folder) });
    return [];
  });
  checkLimit('folder.files', walk.found.length + entries.length, FOLDER_FILES_MAXIMUM);
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) await visitFolder(path, depth + 1, walk);
    else if (entry.isFile()) await visitFile(path, walk);
    else if (entry.isSymbolicLink()) walk.links.push(path);
  }
}

async function visitFile(path: string, { visited, found }: Walk): Promise<void> {
  // Dangling links, links that go round, and files that were removed meanwhile.
  const stats = await stat(path, { bigint: true }).catch(() => undefined);
  const key = `${stats?.dev}:${stats?.ino}`;
  if (stats?.isFile() !== true || visited.has(key)) return;
  visited.add(key);
  found.push({ path, error: undefined });
}

function byCodePoint(left: string, right: string): number {
  return left < right ? -1 : Number(left > right);
}
