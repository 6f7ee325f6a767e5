/**
 * What a message tells of a failure; reports are in this order. `cause`: what is wrong. `failure`: what did not work, often
 * because of something said before. `consequence`: follows from another line. `note`: the program goes on.
 */
export type KnownErrorRole = 'cause' | 'failure' | 'consequence' | 'note';

/** A real message, and the public thread or source file that has it. */
export interface ErrorExample {
  readonly log: string;
  readonly source: string;
}

/**
 * A message that llcuda knows. `{name}` in a text stands for a group of the pattern or a fact of the log, `{name|words}`
 * for the words where neither has it.
 */
export interface KnownError {
  /** Stable: scripts may rely on it. */
  readonly id: string;
  readonly title: string;
  readonly role: KnownErrorRole;
  /** The number of the CUDA runtime, where it is one. */
  readonly cudaError?: number;
  /** Each is tried on one line. Repetitions have limits, so that no text takes long. */
  readonly patterns: readonly RegExp[];
  /** Why it happens: full sentences. */
  readonly cause: string;
  /** What to do next: full sentences, the most likely to help first. */
  readonly fix: string;
  /** To be pasted; they change nothing that cannot be undone. */
  readonly commands: readonly string[];
  /** The first match of each is this entry. At least one. */
  readonly examples: readonly [ErrorExample, ...ErrorExample[]];
}
