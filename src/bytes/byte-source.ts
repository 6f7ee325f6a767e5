export interface ReadOptions {
  readonly signal?: AbortSignal | undefined;
}

/** Random access to the bytes of something: a buffer, a file, a member of an archive, a range of a URL. */
export interface ByteSource {
  readonly sizeBytes: number;
  /**
   * Gives exactly `length` bytes. A range that is not within the source throws `BINARY_MALFORMED`.
   * The result may be a view of shared bytes: it must not be written to.
   */
  read(offset: number, length: number, options?: ReadOptions): Promise<Uint8Array>;
}
