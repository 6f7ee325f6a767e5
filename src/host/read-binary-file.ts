import type { BinaryReading } from './binary-evidence.ts';

/** Reads what the rules need of a file on the real disk. A file that is no binary, or a broken one, is a value. */
export async function readBinaryFile(path: string): Promise<BinaryReading> {
  // Only where there is a binary to read: a probe mostly has none.
  const [{ openFileSource }, { readGpuCode }, { createBinaryEvidence }, { describeError }] =
    await Promise.all([
      import('../files/open-file-source.ts'),
      import('../fatbin/read-gpu-code.ts'),
      import('./create-binary-evidence.ts'),
      import('../errors/describe-error.ts'),
    ]);
  try {
    await using source = await openFileSource(path);
    return { evidence: createBinaryEvidence(await readGpuCode(source)) };
  } catch (error) {
    return { problem: describeError(error).message };
  }
}
