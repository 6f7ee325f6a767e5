import type { ByteSource, ReadOptions } from '../bytes/byte-source.ts';
import { createBufferSource } from '../bytes/create-buffer-source.ts';
import { isBinaryError } from '../bytes/is-binary-error.ts';
import type { FatbinImage } from './fatbin-image.ts';
import { STUB_CUBIN_MAXIMUM_BYTES, STUB_PAYLOAD_MAXIMUM_BYTES } from './limits.ts';
import { readCubin } from './read-cubin.ts';
import { readImagePayload } from './read-image-payload.ts';

/**
 * Tells the container that nvcc's device link adds to a program: it has SASS images only, all tiny and without
 * a kernel. Reads no payload above 4 KiB, and none when any image is larger or is PTX.
 */
export async function checkIsStub(
  source: ByteSource,
  images: readonly FatbinImage[],
  options: ReadOptions = {},
): Promise<boolean> {
  const isCandidate = images.every(
    ({ kind, payloadBytes }) => kind === 'sass' && payloadBytes <= STUB_PAYLOAD_MAXIMUM_BYTES,
  );
  if (!isCandidate || images.length === 0) return false;
  try {
    for (const image of images) {
      const maximumBytes = STUB_CUBIN_MAXIMUM_BYTES;
      const payload = await readImagePayload(source, image, { ...options, maximumBytes });
      const cubin = await readCubin(createBufferSource(payload), options);
      // One image may be empty because its kernels are for other architectures; a stub's all are.
      if (!cubin.isStub) return false;
    }
    return true;
  } catch (error) {
    // A payload that is no good cubin is no stub; what it is worth is not for a list of images to say.
    if (isBinaryError(error)) return false;
    throw error;
  }
}
