import type { ReadEntry } from 'tar';
import { checkTarEntry, type TarPolicy } from './check-tar-entry.ts';

/** An archive that must not be unpacked: what is wrong with it, or with which entry. */
export class UnsafeArchiveError extends Error {
  override readonly name = 'UnsafeArchiveError';
}

/**
 * Unpacks a tar, also a compressed one, into a folder that exists. Every entry is judged before the first is written:
 * paths and links that leave the folder, special files, paths below links and duplicates make it fail as a whole.
 * Modes keep no more than the owner's rights. Throws `UnsafeArchiveError`, also for a damaged archive.
 */
export async function extractTar(
  archive: string,
  directory: string,
  policy: TarPolicy & { readonly signal?: AbortSignal | undefined },
): Promise<void> {
  const tar = await import('tar');
  const { signal } = policy;
  signal?.throwIfAborted();
  const seen = { paths: new Map<string, string>(), totalBytes: 0 };
  let problem: string | undefined;
  const onReadEntry = (entry: ReadEntry): void => {
    problem ??= signal?.aborted === true ? 'interrupted' : checkTarEntry(entry, seen, policy);
  };
  await read(async () => tar.t({ file: archive, strict: true, onReadEntry }));
  signal?.throwIfAborted();
  if (problem !== undefined) throw new UnsafeArchiveError(problem);
  await read(async () =>
    tar.x({ file: archive, cwd: directory, strict: true, preserveOwner: false, umask: 0o022 }),
  );
  signal?.throwIfAborted();
}

async function read(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    // The system's own failures (a full disk, no such file) are for the caller to name.
    if ('syscall' in error && 'errno' in error) throw error;
    throw new UnsafeArchiveError(error.message, { cause: error });
  }
}
