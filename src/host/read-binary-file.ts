import { describeError } from '../errors/describe-error.ts';
import { readGpuCode } from '../fatbin/read-gpu-code.ts';
import { openFileSource } from '../files/open-file-source.ts';
import type { BinaryReading } from './binary-evidence.ts';
import { createBinaryEvidence } from './create-binary-evidence.ts';

/** Reads what the rules need of a file on the real disk. A file that is no binary, or a broken one, is a value. */
export async function readBinaryFile(path: string): Promise<BinaryReading> {
  try {
    await using source = await openFileSource(path);
    return { evidence: createBinaryEvidence(await readGpuCode(source)) };
  } catch (error) {
    return { problem: describeError(error).message };
  }
}
