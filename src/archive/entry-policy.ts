import { checkLimit } from '../bytes/check-limit.ts';
import { checkEntryName } from './check-entry-name.ts';
import { checkLinkTarget } from './check-link-target.ts';
import { EXTRACTED_ENTRIES_MAXIMUM, EXTRACTED_TOTAL_MAXIMUM_BYTES } from './limits.ts';
import { unsafeEntry } from './unsafe-entry.ts';

/** An entry as its archive states it. */
export interface StatedEntry {
  readonly name: string;
  /** `other`: everything that is not allowed, which `description` names. */
  readonly kind: 'file' | 'folder' | 'link' | 'other';
  readonly description?: string | undefined;
  /** Permission bits, with setuid, setgid and sticky. */
  readonly mode: number;
  readonly sizeBytes: number;
  /** Only for `link`. */
  readonly target?: string | undefined;
}

/** An entry that may be written. */
export interface AdmittedEntry {
  readonly kind: 'file' | 'folder' | 'link';
  /** Plain parts: none is empty, `.` or `..`. */
  readonly parts: readonly string[];
  readonly isExecutable: boolean;
  readonly sizeBytes: number;
  readonly target: string;
}

const SPECIAL_BITS = 0o7000;

/**
 * Decides about the entries of one archive, in their order. It keeps what it admitted: nothing may come twice, not even
 * in another spelling of upper and lower case, and nothing may lie below what is no folder.
 */
export class EntryPolicy {
  /** By the name in lower case and one Unicode form: as it was spelled, and what it is. */
  readonly #known = new Map<
    string,
    { readonly path: string; kind: 'implied' | StatedEntry['kind'] }
  >();
  #entryCount = 0;
  #totalBytes = 0;

  get totalBytes(): number {
    return this.#totalBytes;
  }

  /** `undefined` for the folder that holds all others. Throws `ARCHIVE_UNSAFE` or `BINARY_TOO_LARGE`. */
  admit(entry: StatedEntry): AdmittedEntry | undefined {
    this.#entryCount += 1;
    checkLimit('archive.entries', this.#entryCount, EXTRACTED_ENTRIES_MAXIMUM);
    const { name, kind, mode, target = '' } = entry;
    const parts = checkEntryName(name);
    if (kind === 'other') throw unsafeEntry(name, `it is ${entry.description ?? 'no file'}`);
    if (parts.length === 0) {
      if (kind === 'folder') return undefined;
      throw unsafeEntry(name, 'it has no name');
    }
    if (kind !== 'link' && (mode & SPECIAL_BITS) !== 0) {
      throw unsafeEntry(name, 'it has a setuid, setgid or sticky bit');
    }
    if (kind === 'link') checkLinkTarget(parts, target);
    const sizeBytes = kind === 'file' ? entry.sizeBytes : 0;
    this.#totalBytes += sizeBytes;
    checkLimit('archive.totalBytes', this.#totalBytes, EXTRACTED_TOTAL_MAXIMUM_BYTES);
    this.#register(parts, kind);
    return { kind, parts, target, sizeBytes, isExecutable: (mode & 0o111) !== 0 };
  }

  #register(parts: readonly string[], kind: AdmittedEntry['kind']): void {
    for (let depth = 1; depth < parts.length; depth += 1) {
      const path = parts.slice(0, depth).join('/');
      const known = this.#find(path);
      if (known === undefined) this.#known.set(fold(path), { path, kind: 'implied' });
      else if (known.kind !== 'folder' && known.kind !== 'implied') {
        throw unsafeEntry(parts.join('/'), `it lies below ${path}, which is no folder`);
      }
    }
    const path = parts.join('/');
    const known = this.#find(path);
    // A folder may be listed after what is in it.
    if (known !== undefined && !(known.kind === 'implied' && kind === 'folder')) {
      throw unsafeEntry(path, 'it is there twice');
    }
    this.#known.set(fold(path), { path, kind });
  }

  #find(path: string): { readonly path: string; readonly kind: string } | undefined {
    const known = this.#known.get(fold(path));
    if (known === undefined || known.path === path) return known;
    throw unsafeEntry(path, `it differs from ${known.path} only by case or Unicode form`);
  }
}

/** What case-insensitive file systems take for one name. */
function fold(path: string): string {
  return path.normalize('NFKC').toUpperCase().toLowerCase();
}
