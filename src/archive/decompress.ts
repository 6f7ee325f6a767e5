import { pipeline, Readable } from 'node:stream';
import * as zlib from 'node:zlib';
import type { ByteSource, ReadOptions } from '../bytes/byte-source.ts';
import { checkLimit } from '../bytes/check-limit.ts';
import { decodeZstd } from '../bytes/decode-zstd.ts';
import { malformedError } from '../bytes/malformed-error.ts';
import { LlcudaError } from '../errors/llcuda-error.ts';
import type { InflateBudget } from './inflate-budget.ts';
import { STREAM_CHUNK_BYTES, ZSTD_WHOLE_MAXIMUM_BYTES } from './limits.ts';

export type Compression = 'gzip' | 'zstd';

export interface DecompressOptions extends ReadOptions {
  readonly budget: InflateBudget;
}

/**
 * Decompresses a source as a stream. Where Node has no zstd (before 22.15) one is decoded as a whole, so that only
 * what fits in 1 GiB is read. Throws `BINARY_MALFORMED` for damaged data.
 */
export async function* decompress(
  source: ByteSource,
  compression: Compression,
  options: DecompressOptions,
): AsyncGenerator<Uint8Array, void, void> {
  const decoder = createDecoder(compression);
  if (decoder === undefined) {
    yield* decompressWhole(source, options);
    return;
  }
  const decoded = pipeline(Readable.from(readChunks(source, options)), decoder, () => undefined);
  try {
    for await (const chunk of decoded) yield chunk;
  } catch (error) {
    throw asMalformed(error, compression);
  }
}

/** A source from its start to its end. */
export async function* readChunks(
  source: ByteSource,
  options: ReadOptions = {},
): AsyncGenerator<Uint8Array, void, void> {
  for (let offset = 0; offset < source.sizeBytes; offset += STREAM_CHUNK_BYTES) {
    const length = Math.min(STREAM_CHUNK_BYTES, source.sizeBytes - offset);
    yield await source.read(offset, length, options);
  }
}

function createDecoder(compression: Compression): zlib.Gunzip | undefined {
  const options = { chunkSize: STREAM_CHUNK_BYTES };
  if (compression === 'gzip') return zlib.createGunzip(options);
  // The types of Node 20 do not have it yet.
  const { createZstdDecompress: create }: { createZstdDecompress?: unknown; crc32: unknown } = zlib;
  if (typeof create !== 'function') return undefined;
  const decoder: zlib.Gunzip = create(options);
  return decoder;
}

async function* decompressWhole(
  source: ByteSource,
  { budget, signal }: DecompressOptions,
): AsyncGenerator<Uint8Array, void, void> {
  const maximumBytes = Math.min(ZSTD_WHOLE_MAXIMUM_BYTES, budget.leftBytes);
  checkLimit('zstd.size', source.sizeBytes, maximumBytes);
  yield decodeZstd(await source.read(0, source.sizeBytes, { signal }), maximumBytes);
}

/** zlib's own errors have a code that starts with `Z_`, those of zstd with `ZSTD_`. */
function asMalformed(error: unknown, compression: Compression): unknown {
  if (LlcudaError.is(error) || !(error instanceof Error) || !('code' in error)) return error;
  if (!/^Z(?:STD)?_|^ERR_(?:ZLIB|ZSTD)/.test(String(error.code))) return error;
  return malformedError({ field: compression, offset: 0, reason: error.message });
}
