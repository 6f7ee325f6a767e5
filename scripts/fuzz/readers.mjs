import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** The readers of a compiled llcuda. */
export async function loadReaders(dist) {
  const load = (path) => import(pathToFileURL(join(dist, path)).href);
  const modules = await Promise.all(
    [
      'fatbin/read-gpu-code.js',
      'fatbin/read-image-payload.js',
      'fatbin/read-cubin.js',
      'fatbin/parse-ptx-header.js',
      'bytes/create-buffer-source.js',
      'bytes/decode-lz4-block.js',
      'bytes/decode-lz4-frame.js',
      'bytes/decode-zstd.js',
      'bytes/is-binary-error.js',
    ].map(load),
  );
  return Object.assign({}, ...modules);
}

/** Most that a payload may decode to here. Bytes. */
const DECODED_MAXIMUM_BYTES = 16 << 20;
/** Payloads decoded of one file. */
const PAYLOADS_MAXIMUM = 8;

/** Runs an input through the readers of its kind. Throws what they throw. */
export async function readInput(readers, { kind, bytes }) {
  switch (kind) {
    case 'lz4':
      return readers.decodeLz4Block(bytes, DECODED_MAXIMUM_BYTES);
    case 'lz4-frame':
      return readers.decodeLz4Frame(bytes, DECODED_MAXIMUM_BYTES);
    case 'zstd':
      return readers.decodeZstd(bytes, DECODED_MAXIMUM_BYTES);
    default:
      return readFile(readers, bytes);
  }
}

async function readFile(readers, bytes) {
  const source = readers.createBufferSource(bytes);
  const code = await readers.readGpuCode(source, { isDeep: true });
  const images = code.fatbins.flatMap((fatbin) => fatbin.images).slice(0, PAYLOADS_MAXIMUM);
  for (const image of images) {
    try {
      const payload = await readers.readImagePayload(source, image, {
        maximumBytes: DECODED_MAXIMUM_BYTES,
      });
      if (image.kind === 'sass') await readers.readCubin(readers.createBufferSource(payload));
      else if (image.kind === 'ptx') readers.parsePtxHeader(payload);
    } catch (error) {
      // One bad image does not hide the next.
      if (!readers.isBinaryError(error)) throw error;
    }
  }
  return code;
}
