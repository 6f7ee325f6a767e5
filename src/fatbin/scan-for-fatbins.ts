import type { ByteSource } from '../bytes/byte-source.ts';
import { checkLimit } from '../bytes/check-limit.ts';
import { isBinaryError } from '../bytes/is-binary-error.ts';
import { LlcudaError } from '../errors/llcuda-error.ts';
import type { Fatbin } from './fatbin.ts';
import { ImageBudget } from './image-budget.ts';
import { SCAN_CHUNK_BYTES, SCAN_MAXIMUM_BYTES } from './limits.ts';
import {
  FATBIN_HEADER_BYTES,
  FATBIN_MAGIC,
  readFatbin,
  type FatbinOptions,
} from './read-fatbin.ts';

/**
 * Searches a range for containers by their magic number, on steps of 8 bytes: programs for the driver API keep them
 * in any section. What only looks like a container is passed over. Reads the whole range, in chunks.
 */
export async function scanForFatbins(
  source: ByteSource,
  range: { readonly offset: number; readonly sizeBytes: number },
  options: FatbinOptions = {},
): Promise<Fatbin[]> {
  checkLimit('fatbin.scan', range.sizeBytes, SCAN_MAXIMUM_BYTES);
  const shared = { ...options, budget: options.budget ?? new ImageBudget() };
  const limit = Math.min(range.offset + range.sizeBytes, source.sizeBytes);
  const fatbins: Fatbin[] = [];
  let at = Math.ceil(range.offset / 8) * 8;
  while (at + FATBIN_HEADER_BYTES <= limit) {
    const chunk = await source.read(at, Math.min(SCAN_CHUNK_BYTES, limit - at), options);
    const chunkStart = at;
    at += SCAN_CHUNK_BYTES;
    for (const index of findMagic(chunk)) {
      const offset = chunkStart + index;
      // It lies in a container that was found.
      if (offset < (fatbins.at(-1)?.offset ?? 0) + (fatbins.at(-1)?.sizeBytes ?? 0)) continue;
      const fatbin = await readCandidate(source, { offset, limit, section: undefined }, shared);
      if (fatbin === undefined) continue;
      fatbins.push(fatbin);
      at = Math.max(at, Math.ceil((offset + fatbin.sizeBytes) / 8) * 8);
    }
  }
  return fatbins;
}

function* findMagic(chunk: Uint8Array): Generator<number, void, void> {
  const view = new DataView(chunk.buffer, chunk.byteOffset, chunk.byteLength);
  for (let index = 0; index + 4 <= chunk.length; index += 8) {
    if (view.getUint32(index, true) === FATBIN_MAGIC) yield index;
  }
}

async function readCandidate(
  source: ByteSource,
  place: Parameters<typeof readFatbin>[1],
  options: FatbinOptions,
): Promise<Fatbin | undefined> {
  try {
    const fatbin = await readFatbin(source, place, options);
    return fatbin.images.length > 0 ? fatbin : undefined;
  } catch (error) {
    // The budget is there to end the search.
    if (isBinaryError(error) && !LlcudaError.is(error, 'BINARY_TOO_LARGE')) return undefined;
    throw error;
  }
}
