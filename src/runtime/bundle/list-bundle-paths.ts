import { lstat, readdir, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { EXTRACTED_DEPTH_MAXIMUM, EXTRACTED_ENTRIES_MAXIMUM } from '../../archive/limits.ts';
import { checkLimit } from '../../bytes/check-limit.ts';
import { asReadError } from '../../files/as-read-error.ts';

/** Something in the folder of a bundle, links not followed. */
export type BundlePath =
  | { readonly kind: 'file'; readonly path: string; readonly mode: '755' | '644' }
  | { readonly kind: 'link'; readonly path: string; readonly target: string }
  /** A device, a pipe, a socket, or a mode with special bits. */
  | { readonly kind: 'other'; readonly path: string };

/** All files and links below a folder, by `/`-separated paths, sorted. Throws `SOURCE_UNREADABLE`, `BINARY_TOO_LARGE`. */
export async function listBundlePaths(folder: string): Promise<readonly BundlePath[]> {
  const found: BundlePath[] = [];
  await visit(folder, [], found);
  return found.sort((left, right) => comparePaths(left.path, right.path));
}

/** The same order everywhere, whatever the locale. */
export function comparePaths(left: string, right: string): number {
  return left < right ? -1 : Number(left > right);
}

async function visit(root: string, parts: readonly string[], found: BundlePath[]): Promise<void> {
  checkLimit('bundle.depth', parts.length, EXTRACTED_DEPTH_MAXIMUM);
  const folder = join(root, ...parts);
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
    throw asReadError(error, folder);
  });
  checkLimit('bundle.entries', found.length + entries.length, EXTRACTED_ENTRIES_MAXIMUM);
  for (const entry of entries) {
    const own = [...parts, entry.name];
    if (entry.isDirectory()) await visit(root, own, found);
    else found.push(await describe(root, own));
  }
}

async function describe(root: string, parts: readonly string[]): Promise<BundlePath> {
  const path = parts.join('/');
  const fullPath = join(root, ...parts);
  try {
    const stats = await lstat(fullPath);
    if (stats.isSymbolicLink()) return { kind: 'link', path, target: await readlink(fullPath) };
    if (!stats.isFile() || (stats.mode & 0o7000) !== 0) return { kind: 'other', path };
    return { kind: 'file', path, mode: (stats.mode & 0o100) === 0 ? '644' : '755' };
  } catch (error) {
    throw asReadError(error, fullPath);
  }
}
