import { createHash, randomBytes } from 'node:crypto';

/** A file that begins like a GGUF without tensors or metadata; the rest of it is random. */
export function ggufBytes(sizeBytes: number): Buffer {
  const bytes = randomBytes(sizeBytes);
  bytes.write('GGUF', 0, 'latin1');
  bytes.writeUInt32LE(3, 4);
  bytes.writeBigUInt64LE(0n, 8);
  bytes.writeBigUInt64LE(0n, 16);
  return bytes;
}

/** SHA-256 in lower-case hex. */
export function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
