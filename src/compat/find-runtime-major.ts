import type { CudaVersion } from '../units/cuda-version.ts';

/** libcudart and the libraries that share its major version: `libcudart.so.12`, `cublas64_13.dll`, `libcudart.so.11.0`. */
const LIBRARY = /^(?:lib)?(?:cudart|cublas|cublaslt)(?:\.so\.|64_)(\d{2})(\d?)(?:\.|$)/;

export interface RuntimeEvidence {
  /** Names of the libraries that the file needs: sonames or DLL names. */
  readonly neededLibraries: readonly string[];
  /** The toolkit that built its GPU code, for a file that has the runtime linked in. */
  readonly toolkit?: CudaVersion | undefined;
}

/**
 * The major version of the CUDA runtime that a file uses, shared or linked in. A file that needs another CUDA library
 * (cuBLAS) has a runtime of the same major version. `undefined` where nothing tells.
 */
export function findRuntimeMajor(evidence: RuntimeEvidence): number | undefined {
  const majors = evidence.neededLibraries.flatMap((name) => {
    // cudart64_110.dll is 11.0 and later; cudart64_12.dll is 12.
    const match = LIBRARY.exec(name.toLowerCase());
    return match === null ? [] : [Number(match[1])];
  });
  return majors.length > 0 ? Math.max(...majors) : evidence.toolkit?.major;
}
