/** A tree of llama.cpp that can be built. */
export interface BuildSource {
  readonly kind: 'folder' | 'archive' | 'npm';
  /** What the user calls it, or the pinned package. */
  readonly name: string;
  readonly directory: string;
  /** Of the git commit. `undefined`: not known. */
  readonly commit: string | undefined;
  /** Whether files differ from the commit; true where that cannot be told. */
  readonly isModified: boolean;
  /** SHA-256 of the archive or bundle that it was unpacked from. `undefined` for folders. */
  readonly sha256: string | undefined;
  /** `v0.5.0`. `undefined` for sources before llama.cpp had versions. */
  readonly version: string | undefined;
  /** The lowest cmake that its own files ask for. */
  readonly cmakeVersion: string;
}
