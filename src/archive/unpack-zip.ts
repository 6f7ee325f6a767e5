import type { Entry, ZipFile } from 'yauzl';
import type { ByteSource, ReadOptions } from '../bytes/byte-source.ts';
import { malformedError } from '../bytes/malformed-error.ts';
import { LlcudaError } from '../errors/llcuda-error.ts';
import type { StatedEntry } from './entry-policy.ts';
import type { EntryWriter } from './entry-writer.ts';
import { InflateBudget } from './inflate-budget.ts';
import {
  EXTRACTED_ALWAYS_BYTES,
  EXTRACTED_NAME_MAXIMUM_BYTES,
  EXTRACTED_RATIO_MAXIMUM,
} from './limits.ts';

const UNIX = 3;
const TYPE_BITS = 0o170000;
const FILE_TYPE = 0o100000;
const FOLDER_TYPE = 0o040000;
const LINK_TYPE = 0o120000;

/** Hands every member of a zip to the writer, in the order of its directory. */
export async function unpackZip(
  source: ByteSource,
  writer: EntryWriter,
  options: ReadOptions,
): Promise<void> {
  const limits = { alwaysBytes: EXTRACTED_ALWAYS_BYTES, ratio: EXTRACTED_RATIO_MAXIMUM };
  const budget = new InflateBudget(source.sizeBytes, limits);
  try {
    const archive = await openZip(source, options);
    try {
      for await (const entry of archive.eachEntry()) {
        options.signal?.throwIfAborted();
        const stated = await describeEntry(archive, entry);
        await writer.write(stated, () => readEntry(archive, entry, budget));
      }
    } finally {
      archive.close();
    }
  } catch (error) {
    throw asMalformed(error);
  }
}

async function openZip(source: ByteSource, options: ReadOptions): Promise<ZipFile> {
  const { fromRandomAccessReaderPromise } = await import('yauzl');
  const { ByteSourceReader } = await import('./byte-source-reader.ts');
  // Names stay bytes: the policy here decides about them, and says why.
  return fromRandomAccessReaderPromise(new ByteSourceReader(source, options), source.sizeBytes, {
    autoClose: false,
    decodeStrings: false,
    validateEntrySizes: true,
  });
}

async function* readEntry(
  archive: ZipFile,
  entry: Entry,
  budget: InflateBudget,
): AsyncGenerator<Uint8Array, void, void> {
  for await (const chunk of await archive.openReadStreamPromise(entry)) {
    budget.take(chunk.length);
    yield chunk;
  }
}

async function describeEntry(archive: ZipFile, entry: Entry): Promise<StatedEntry> {
  const { uncompressedSize: sizeBytes, externalFileAttributes, versionMadeBy } = entry;
  // Bytes that are no UTF-8 become U+FFFD, which the policy refuses.
  const name = Buffer.from(entry.fileNameRaw).toString('utf8');
  const isUnix = versionMadeBy >>> 8 === UNIX;
  const attributes = isUnix ? externalFileAttributes >>> 16 : 0;
  const mode = attributes & 0o7777;
  const stated = { name, mode, sizeBytes };
  const other = (description: string): StatedEntry => ({ ...stated, kind: 'other', description });
  if (!entry.canDecodeFileData()) return other('encrypted, or compressed in an unknown way');
  const type = attributes & TYPE_BITS;
  if (name.endsWith('/')) {
    const isFolder = (type === 0 || type === FOLDER_TYPE) && sizeBytes === 0;
    return isFolder ? { ...stated, kind: 'folder' } : other('a folder that is none');
  }
  if (type === LINK_TYPE)
    return { ...stated, kind: 'link', target: await readTarget(archive, entry) };
  const isFile = type === 0 || type === FILE_TYPE;
  return isFile ? { ...stated, kind: 'file' } : other('neither a file, a folder nor a link');
}

/** The content of a link is where it leads. */
async function readTarget(archive: ZipFile, entry: Entry): Promise<string> {
  if (entry.uncompressedSize > EXTRACTED_NAME_MAXIMUM_BYTES) return '';
  const chunks: Uint8Array[] = [];
  for await (const chunk of await archive.openReadStreamPromise(entry)) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

/** yauzl and zlib throw plain errors, for damaged archives only: the reading of the source has its own. */
function asMalformed(error: unknown): unknown {
  const isOther =
    LlcudaError.is(error) ||
    !(error instanceof Error) ||
    'syscall' in error ||
    error.name === 'AbortError' ||
    error.name === 'TimeoutError';
  if (isOther) return error;
  return malformedError({ field: 'zip', offset: 0, reason: error.message });
}
