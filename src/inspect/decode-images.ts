import { isBinaryError } from '../bytes/is-binary-error.ts';
import type { ByteSource, ReadOptions } from '../bytes/byte-source.ts';
import { LlcudaError } from '../errors/llcuda-error.ts';
import type { Fatbin } from '../fatbin/fatbin.ts';
import { readImagePayload } from '../fatbin/read-image-payload.ts';
import { formatImageTarget } from './format-image-target.ts';
import type { DecodedReport, DecodeFailure } from './inspect-report.ts';
import { DECODE_FAILURES_MAXIMUM, IMAGE_MAXIMUM_BYTES } from './limits.ts';

/** Decodes every image of a file, one at a time, and says which cannot be. */
export async function decodeImages(
  source: ByteSource,
  fatbins: readonly Fatbin[],
  options: ReadOptions = {},
): Promise<DecodedReport> {
  const failures: DecodeFailure[] = [];
  let [images, sizeBytes] = [0, 0];
  for (const image of fatbins.flatMap((fatbin) => fatbin.images)) {
    try {
      const maximumBytes = IMAGE_MAXIMUM_BYTES;
      const payload = await readImagePayload(source, image, { ...options, maximumBytes });
      images += 1;
      sizeBytes += payload.length;
    } catch (error) {
      if (!isBinaryError(error) || !LlcudaError.is(error)) throw error;
      const { code, message } = error;
      if (failures.length === DECODE_FAILURES_MAXIMUM) break;
      failures.push({ offset: image.offset, target: formatImageTarget(image), code, message });
    }
  }
  return { images, sizeBytes, failures };
}
