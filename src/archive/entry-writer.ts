import { chmod, mkdir, open, realpath, symlink } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { malformedError } from '../bytes/malformed-error.ts';
import { asFileError } from '../files/as-file-error.ts';
import { EntryPolicy, type AdmittedEntry, type StatedEntry } from './entry-policy.ts';
import { unsafeEntry } from './unsafe-entry.ts';

const FILE_MODE = 0o644;
const PROGRAM_MODE = 0o755;

/** Writes the entries of one archive into an empty folder that nobody else writes to, as the policy admits them. */
export class EntryWriter {
  readonly #directory: string;
  readonly #policy = new EntryPolicy();
  readonly #folders = new Set<string>();
  readonly #links: string[] = [];
  #fileCount = 0;

  constructor(directory: string) {
    this.#directory = directory;
  }

  get fileCount(): number {
    return this.#fileCount;
  }

  get totalBytes(): number {
    return this.#policy.totalBytes;
  }

  /** `read` is called for a file only. Throws `ARCHIVE_UNSAFE`, `BINARY_*`, `DISK_FULL`, `STORE_NOT_WRITABLE`. */
  async write(entry: StatedEntry, read: () => AsyncIterable<Uint8Array>): Promise<void> {
    const admitted = this.#policy.admit(entry);
    if (admitted === undefined) return;
    const { kind, parts, target } = admitted;
    await this.#ensureFolder(kind === 'folder' ? parts : parts.slice(0, -1));
    const path = join(this.#directory, ...parts);
    if (kind === 'file') await this.#writeFile(path, admitted, read());
    if (kind !== 'link') return;
    await symlink(target, path).catch((error: unknown) => {
      throw asFileError(error, path);
    });
    this.#links.push(parts.join('/'));
  }

  /** To be called at the end: every link must lead to something that was written. Throws `ARCHIVE_UNSAFE`. */
  async finish(): Promise<void> {
    const root = await realpath(this.#directory);
    for (const name of this.#links) {
      const end = await realpath(join(root, name)).catch(() => undefined);
      if (end?.startsWith(`${root}${sep}`) === true) continue;
      throw unsafeEntry(name, 'it is a link that leads to nothing in the archive');
    }
  }

  async #ensureFolder(parts: readonly string[]): Promise<void> {
    for (let depth = 1; depth <= parts.length; depth += 1) {
      const path = join(this.#directory, ...parts.slice(0, depth));
      if (this.#folders.has(path)) continue;
      await mkdir(path, PROGRAM_MODE).catch((error: unknown) => {
        throw asFileError(error, path);
      });
      this.#folders.add(path);
    }
  }

  async #writeFile(
    path: string,
    { isExecutable, sizeBytes }: AdmittedEntry,
    chunks: AsyncIterable<Uint8Array>,
  ): Promise<void> {
    const mode = isExecutable ? PROGRAM_MODE : FILE_MODE;
    let doneBytes = 0;
    try {
      await using file = await open(path, 'wx', mode);
      for await (const chunk of chunks) {
        doneBytes += chunk.length;
        // A write may be short, as on a disk that fills up; `writeFile` of a handle goes on after one.
        if (doneBytes <= sizeBytes) await file.writeFile(chunk);
      }
      // The umask of the user does not count: the manifest states the mode.
      await chmod(path, mode);
    } catch (error) {
      throw asFileError(error, path);
    }
    this.#fileCount += 1;
    if (doneBytes === sizeBytes) return;
    const reason = `an entry has ${doneBytes} bytes and states ${sizeBytes}`;
    throw malformedError({ field: 'archive.entry', offset: 0, reason });
  }
}
