import { createHash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, rename, rm, type FileHandle } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { createGzip } from 'node:zlib';
import { asFileError } from '../files/as-file-error.ts';
import { TAR_BLOCK_BYTES } from './read-tar-members.ts';

/** What goes into an archive. Names are `/`-separated. */
export type PackedEntry =
  | { readonly name: string; readonly mode: number; readonly content: PackedContent }
  | { readonly name: string; readonly target: string };

export type PackedContent =
  | { readonly text: string }
  /** Of a file, whose size must not change meanwhile. */
  | { readonly path: string; readonly sizeBytes: number };

export interface WriteTarOptions {
  readonly signal?: AbortSignal | undefined;
  /** Told how many bytes of the content were taken in so far. */
  readonly onBytes?: ((doneBytes: number) => void) | undefined;
}

/** Every entry has this time: 2000-01-01. GNU tar warns of the year 1970. */
const FIXED_TIME = new Date(946_684_800_000);
/** The system that made it, in the header of gzip: 255 is unknown. Node writes that of the machine. */
const GZIP_SYSTEM_OFFSET = 9;
const UNKNOWN_SYSTEM = 255;

/**
 * Writes a tar.gz that depends on the entries alone, in the order given: no owner, no time, nothing of this machine. (The
 * deflated bytes can differ between versions of Node.) It gets its name when it is complete. Throws
 * `STORE_NOT_WRITABLE`, `DISK_FULL`.
 */
export async function writeTarGz(
  path: string,
  entries: readonly PackedEntry[],
  options: WriteTarOptions = {},
): Promise<{ readonly sizeBytes: number; readonly sha256: string }> {
  const temporaryPath = `${path}.${randomUUID()}.tmp`;
  try {
    const written = await writeCompressed(temporaryPath, entries, options);
    await rename(temporaryPath, path);
    return written;
  } catch (error) {
    await rm(temporaryPath, { force: true });
    throw asFileError(error, path);
  }
}

async function writeCompressed(
  path: string,
  entries: readonly PackedEntry[],
  options: WriteTarOptions,
): Promise<{ readonly sizeBytes: number; readonly sha256: string }> {
  await using file = await open(path, 'wx', 0o644);
  const hash = createHash('sha256');
  const gzip = createGzip();
  const source = Readable.from(tarChunks(entries, options), { objectMode: false });
  source.on('error', (error) => gzip.destroy(error));
  let sizeBytes = 0;
  for await (const data of source.pipe(gzip)) {
    const chunk: Buffer = data;
    if (sizeBytes === 0) chunk.writeUInt8(UNKNOWN_SYSTEM, GZIP_SYSTEM_OFFSET);
    hash.update(chunk);
    await writeWhole(file, chunk);
    sizeBytes += chunk.length;
  }
  await file.sync();
  return { sizeBytes, sha256: hash.digest('hex') };
}

async function* tarChunks(
  entries: readonly PackedEntry[],
  { signal, onBytes }: WriteTarOptions,
): AsyncGenerator<Uint8Array, void, void> {
  let doneBytes = 0;
  for (const entry of entries) {
    signal?.throwIfAborted();
    if ('target' in entry) {
      yield* headerChunks(entry, { mode: 0o777, sizeBytes: 0 });
      continue;
    }
    const { content, mode } = entry;
    const sizeBytes = 'text' in content ? Buffer.byteLength(content.text) : content.sizeBytes;
    yield* headerChunks(entry, { mode, sizeBytes });
    let written = 0;
    for await (const chunk of readContent(content)) {
      signal?.throwIfAborted();
      written += chunk.length;
      yield chunk;
      onBytes?.((doneBytes += chunk.length));
    }
    if (written !== sizeBytes) throw new Error(`${entry.name} changed while it was packed`);
    yield Buffer.alloc((TAR_BLOCK_BYTES - (sizeBytes % TAR_BLOCK_BYTES)) % TAR_BLOCK_BYTES);
  }
  yield Buffer.alloc(2 * TAR_BLOCK_BYTES);
}

async function* readContent(content: PackedContent): AsyncGenerator<Buffer, void, void> {
  if ('text' in content) yield Buffer.from(content.text);
  else yield* createReadStream(content.path, { highWaterMark: 1 << 20 });
}

/** The header, behind a pax record where the name or target is too long for it. */
async function* headerChunks(
  entry: PackedEntry,
  { mode, sizeBytes }: { readonly mode: number; readonly sizeBytes: number },
): AsyncGenerator<Buffer, void, void> {
  const { Header } = await import('tar/header');
  const { Pax } = await import('tar/pax');
  const data = {
    path: entry.name,
    mode,
    uid: 0,
    gid: 0,
    size: sizeBytes,
    mtime: FIXED_TIME,
    type: 'target' in entry ? ('SymbolicLink' as const) : ('File' as const),
    ...('target' in entry && { linkpath: entry.target }),
  };
  const header = new Header(data);
  const block = Buffer.alloc(TAR_BLOCK_BYTES);
  if (header.encode(block)) {
    const { path, linkpath } = header;
    yield new Pax({
      ...(path !== undefined && { path }),
      ...(linkpath !== undefined && { linkpath }),
    }).encode();
  }
  yield block;
}

/** A write may be short, as on a disk that fills up. */
async function writeWhole(file: FileHandle, chunk: Uint8Array): Promise<void> {
  for (let done = 0; done < chunk.length;) {
    done += (await file.write(chunk, done)).bytesWritten;
  }
}
