import type { BinaryEvidence } from '../../host/binary-evidence.ts';

/** A llama.cpp that is on this host, with what the rules need to judge it. */
export interface RuntimeFacts {
  readonly kind: 'server' | 'embedded';
  readonly foundBy: 'LLAMA_SERVER_PATH' | 'LLAMA_CPP_DIR' | 'path' | 'store';
  /** Of llama-server behind its links, or the folder of an embedded runtime. */
  readonly path: string;
  /** Whether that file is there. False for a variable that names nothing. */
  readonly exists: boolean;
  /** Build number of llama.cpp: 6869 of `version: 6869 (7a50cf3)`. */
  readonly build: number | undefined;
  readonly commit: string | undefined;
  /** First line of what it said when it was asked for its version and gave none: a missing library, an illegal instruction. */
  readonly problem: string | undefined;
  /** llama-server itself and the libraries beside it, as far as they were read. */
  readonly binaries: readonly RuntimeBinary[];
  /** Whether any of them holds or loads GPU code for CUDA. */
  readonly hasCuda: boolean;
}

export interface RuntimeBinary {
  readonly path: string;
  /** GPU code, needed libraries, lowest glibc. `undefined` when the file could not be read. */
  readonly evidence: BinaryEvidence | undefined;
  /** Why not. */
  readonly problem: string | undefined;
  /** Sonames that it needs and that neither its own folders nor the loader's path have. */
  readonly missingLibraries: readonly string[];
}
