import { findCudaError } from '../../../compat/cuda-errors.ts';
import type { KnownError } from '../known-error.ts';

export interface CudaErrorText extends Omit<KnownError, 'cudaError' | 'patterns' | 'role'> {
  readonly role?: KnownError['role'];
  /** Names of the driver and the runtime API. @defaultValue those of the table of the rules */
  readonly names?: readonly string[];
  /** What `cudaGetErrorString` says, where that is telling. @defaultValue that of the table of the rules */
  readonly text?: string | undefined;
  readonly patterns?: readonly RegExp[];
}

/** An error of CUDA: known by its text, its names, and its number beside the word CUDA. */
export function defineCudaError(number: number, entry: CudaErrorText): KnownError {
  const row = findCudaError(number);
  const { names, text, patterns = [], role = 'cause', ...rest } = entry;
  const allNames =
    names ?? [row?.runtimeName, row?.driverName].filter((name) => name !== undefined);
  const words = text ?? row?.text.replace(/\.$/, '');
  return {
    ...rest,
    role,
    cudaError: number,
    patterns: [
      ...(words === undefined ? [] : [new RegExp(escape(words), 'i')]),
      ...(allNames.length === 0 ? [] : [new RegExp(`\\b(?:${allNames.join('|')})\\b`)]),
      // `CUDA error 222 at`, `CUDA failure 804:`, `Cuda failure: 222`; not `CUDA error: 2 devices`.
      new RegExp(
        `\\bcuda\\w{0,20}(?: runtime)? (?:error|failure)[: (=]{1,3}${number}(?=$| at\\b|[:,)\\]]| [a-z]{1,20}: )`,
        'i',
      ),
      ...patterns,
    ],
  };
}

function escape(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
