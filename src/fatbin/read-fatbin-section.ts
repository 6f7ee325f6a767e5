import type { ByteSource } from '../bytes/byte-source.ts';
import { checkRange } from '../bytes/check-range.ts';
import type { Fatbin } from './fatbin.ts';
import { ImageBudget } from './image-budget.ts';
import { SCAN_CHUNK_BYTES } from './limits.ts';
import { FATBIN_HEADER_BYTES, readFatbin, type FatbinOptions } from './read-fatbin.ts';

export interface FatbinSection {
  readonly offset: number;
  readonly sizeBytes: number;
  /** `undefined` for a `.fatbin` file, which holds nothing else either. */
  readonly name: string | undefined;
}

/**
 * Reads the containers that follow each other in a section, with zero padding to 8 bytes or more between them. Anything
 * else between them is malformed: what cannot be read must not be passed over, as it may be what the driver picks.
 */
export async function readFatbinSection(
  source: ByteSource,
  section: FatbinSection,
  options: FatbinOptions = {},
): Promise<Fatbin[]> {
  const { offset, sizeBytes, name } = section;
  checkRange({ offset, length: sizeBytes }, source.sizeBytes, 'fatbin.section');
  const limit = offset + sizeBytes;
  const shared = { ...options, budget: options.budget ?? new ImageBudget() };
  const fatbins: Fatbin[] = [];
  for (let at = offset; at < limit;) {
    at = await skipPadding(source, { offset: at, limit, step: 8, start: offset }, options);
    if (at >= limit) break;
    const fatbin = await readFatbin(source, { offset: at, limit, section: name }, shared);
    fatbins.push(fatbin);
    at += Math.ceil(fatbin.sizeBytes / 8) * 8;
  }
  return fatbins;
}

interface Padding {
  readonly offset: number;
  readonly limit: number;
  readonly step: number;
  readonly start: number;
}

/** Finds the first byte that is not zero and steps back to where a container that holds it would start. */
async function skipPadding(
  source: ByteSource,
  { offset, limit, step, start }: Padding,
  options: FatbinOptions,
): Promise<number> {
  let chunkBytes: number = FATBIN_HEADER_BYTES;
  for (let at = offset; at < limit;) {
    const bytes = await source.read(at, Math.min(chunkBytes, limit - at), options);
    const index = bytes.findIndex((byte) => byte !== 0);
    if (index !== -1) return at + index - ((at + index - start) % step);
    at += bytes.length;
    chunkBytes = Math.min(chunkBytes * 2, SCAN_CHUNK_BYTES);
  }
  return limit;
}
