import type { Entry, ZipFile } from 'yauzl';
import { FORMAT_HEAD_BYTES } from '../binary/limits.ts';
import type { ByteSource, ReadOptions } from '../bytes/byte-source.ts';
import { checkLimit } from '../bytes/check-limit.ts';
import { createSubSource } from '../bytes/create-sub-source.ts';
import { malformedError } from '../bytes/malformed-error.ts';
import { unsupportedError } from '../bytes/unsupported-error.ts';
import { LlcudaError } from '../errors/llcuda-error.ts';
import { rangeUnsupported } from '../net/remote-file.ts';
import type { ArchiveMember } from './archive-member.ts';
import { ForwardStream } from './forward-stream.ts';
import { InflateBudget } from './inflate-budget.ts';
import { isExaminedFormat } from './is-examined-format.ts';
import { ARCHIVE_MEMBERS_MAXIMUM } from './limits.ts';
import { isKeptWhole, readLargeMember, readWholeMember } from './stream-member.ts';

export interface ListMembersOptions extends ReadOptions {
  /**
   * Where the archive is, if on a server: what would have to be fetched whole is then an error, and members are told
   * by their names first.
   */
  readonly remoteUrl?: string | undefined;
  /** Gives stored members of other kinds too. @defaultValue binaries only */
  readonly isWanted?: ((name: string) => boolean) | undefined;
}

const STORED = 0;
/** Names that binaries have, for archives on a server: also those without an extension, as programs have. */
const BINARY_NAME =
  /(?:\.(?:so|dll|dylib|pyd|node|exe|a|lib|o|obj|fatbin|cubin|ptx|tar\.zst)(?:\.[\d.]+)?|(?:^|\/)[^./]+)$/i;

/**
 * Lists the binaries in a zip by its directory. Stored members are read in place; deflated ones are inflated as a
 * stream, twice if above 32 MiB. Throws `BINARY_MALFORMED` for a directory that cannot be read; what is wrong with
 * one member, such as a size that lies, is found when that is read.
 */
export async function* listZipMembers(
  source: ByteSource,
  options: ListMembersOptions = {},
): AsyncGenerator<ArchiveMember, void, void> {
  const budget = new InflateBudget(source.sizeBytes);
  const archive = await openZip(source, options);
  try {
    for await (const entry of archive.eachEntry()) {
      checkLimit('zip.members', archive.entriesRead, ARCHIVE_MEMBERS_MAXIMUM);
      const { fileName, uncompressedSize } = entry;
      if (uncompressedSize === 0 || fileName.endsWith('/')) continue;
      if (options.remoteUrl !== undefined && !BINARY_NAME.test(fileName)) continue;
      await using member = new OpenEntry({ source, archive, entry, budget }, options);
      const listed = await member.open();
      if (listed !== undefined) yield listed;
    }
  } catch (error) {
    throw asMalformed(error);
  } finally {
    archive.close();
  }
}

async function openZip(source: ByteSource, options: ReadOptions): Promise<ZipFile> {
  const { fromRandomAccessReaderPromise } = await import('yauzl');
  const { ByteSourceReader } = await import('./byte-source-reader.ts');
  const reader = new ByteSourceReader(source, options);
  try {
    return await fromRandomAccessReaderPromise(reader, source.sizeBytes, {
      autoClose: false,
      validateEntrySizes: true,
    });
  } catch (error) {
    throw asMalformed(error);
  }
}

interface EntryContext {
  readonly source: ByteSource;
  readonly archive: ZipFile;
  readonly entry: Entry;
  readonly budget: InflateBudget;
}

/** One member while it is looked at. */
class OpenEntry implements AsyncDisposable {
  readonly #context: EntryContext;
  readonly #options: ListMembersOptions;
  readonly #stream: ForwardStream;

  constructor(context: EntryContext, options: ListMembersOptions) {
    this.#context = context;
    this.#options = options;
    const { archive, entry, budget } = context;
    this.#stream = new ForwardStream({ budget, open: () => readEntry(archive, entry) });
  }

  /** `undefined` for what is no binary. */
  async open(): Promise<ArchiveMember | undefined> {
    const { entry } = this.#context;
    const { fileName: name } = entry;
    try {
      if (!entry.canDecodeFileData()) {
        const reason = `a member compressed by method ${entry.compressionMethod}, or encrypted`;
        throw unsupportedError('zip', reason);
      }
      const opened =
        entry.compressionMethod === STORED ? await this.#openStored() : await this.#openDeflated();
      return opened && { name, source: opened };
    } catch (error) {
      return { name, error: asMalformed(error) };
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stream[Symbol.asyncDispose]();
  }

  async #openStored(): Promise<ByteSource | undefined> {
    const { archive, entry, source } = this.#context;
    const { fileDataStart } = await archive.readLocalFileHeaderPromise(entry, { minimal: true });
    const member = createSubSource(source, fileDataStart, entry.compressedSize);
    const length = Math.min(FORMAT_HEAD_BYTES, member.sizeBytes);
    const head = await member.read(0, length, this.#options);
    const isWanted = isExaminedFormat(head) || this.#options.isWanted?.(entry.fileName);
    return isWanted ? member : undefined;
  }

  async #openDeflated(): Promise<ByteSource | undefined> {
    const range = { offset: 0, sizeBytes: this.#context.entry.uncompressedSize };
    this.#checkRemote();
    const length = Math.min(FORMAT_HEAD_BYTES, range.sizeBytes);
    const head = await this.#stream.read(0, length, this.#options);
    if (!isExaminedFormat(head)) return undefined;
    const read = isKeptWhole(range) ? readWholeMember : readLargeMember;
    return read(this.#stream, range, this.#options);
  }

  #checkRemote(): void {
    const { remoteUrl } = this.#options;
    const { compressedSize: sizeBytes, fileName } = this.#context.entry;
    if (remoteUrl === undefined || isKeptWhole({ offset: 0, sizeBytes })) return;
    throw rangeUnsupported(remoteUrl, `${fileName} in it is large and deflated`);
  }
}

/** yauzl checks that what it inflates has the size that the directory says. */
async function* readEntry(archive: ZipFile, entry: Entry): AsyncGenerator<Uint8Array, void, void> {
  try {
    for await (const chunk of await archive.openReadStreamPromise(entry)) yield chunk;
  } catch (error) {
    throw asMalformed(error);
  }
}

/** yauzl and zlib throw plain errors, for damaged archives only: the reading of the source has its own. */
function asMalformed(error: unknown): unknown {
  const isOther = LlcudaError.is(error) || !(error instanceof Error) || error.name === 'AbortError';
  if (isOther) return error;
  return malformedError({ field: 'zip', offset: 0, reason: error.message });
}
