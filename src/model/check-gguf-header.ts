import { open } from 'node:fs/promises';
import { LlcudaError } from '../errors/llcuda-error.ts';

// The first 24 bytes of a GGUF: magic, version (u32), tensor count (u64), metadata count (u64).
// https://github.com/ggml-org/ggml/blob/master/docs/gguf.md
const HEADER_BYTES = 24;
const MAGIC = 'GGUF';
const VERSIONS = new Set([2, 3]);
/** Least bytes of a metadata pair (key length, one letter, type, value) and of a tensor's description. */
const MIN_PAIR_BYTES = 14;
const MIN_TENSOR_BYTES = 33;

/**
 * Whether a file begins like a GGUF: the cheap check before a process is started for it. Throws
 * `MODEL_FILE_NOT_FOUND` or `MODEL_FILE_INVALID`.
 */
export async function checkGgufHeader(path: string): Promise<void> {
  const { bytes, sizeBytes } = await readHead(path);
  if (bytes.subarray(0, 4).toString('latin1') !== MAGIC) {
    throw invalid(path, bytes.length === 0 ? 'the file is empty' : 'it does not begin with GGUF');
  }
  if (bytes.length < HEADER_BYTES) throw invalid(path, 'it ends inside its header');
  const version = bytes.readUInt32LE(4);
  if (!VERSIONS.has(version)) throw invalid(path, `GGUF version ${version} is not 2 or 3`);
  const tensors = Number(bytes.readBigUInt64LE(8)) * MIN_TENSOR_BYTES;
  const pairs = Number(bytes.readBigUInt64LE(16)) * MIN_PAIR_BYTES;
  if (HEADER_BYTES + tensors + pairs > sizeBytes) throw invalid(path, 'it ends inside its header');
}

async function readHead(path: string): Promise<{ bytes: Buffer; sizeBytes: number }> {
  try {
    await using file = await open(path);
    const { bytesRead, buffer } = await file.read(Buffer.alloc(HEADER_BYTES), 0, HEADER_BYTES, 0);
    return { bytes: buffer.subarray(0, bytesRead), sizeBytes: (await file.stat()).size };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT' || code === 'ENOTDIR') {
      throw new LlcudaError('MODEL_FILE_NOT_FOUND', `There is no file ${path}`, {
        detail: { path },
        hint: 'Check the path, or run `llcuda models` for models that llcuda can fetch.',
        cause: error,
      });
    }
    if (code === 'EISDIR') throw invalid(path, 'it is a folder');
    throw invalid(path, `it cannot be read (${String(code)})`);
  }
}

function invalid(path: string, reason: string): LlcudaError {
  return new LlcudaError('MODEL_FILE_INVALID', `Not a usable GGUF file: ${path} (${reason})`, {
    detail: { path, reason },
    hint: 'Download it again; `llcuda pull` checks what it fetches.',
  });
}
