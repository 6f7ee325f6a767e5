import { stat } from 'node:fs/promises';

/** Size in bytes of a regular file, `undefined` when there is none at the path. */
export async function findFileSize(path: string): Promise<number | undefined> {
  const stats = await stat(path).catch(() => undefined);
  return stats?.isFile() ? stats.size : undefined;
}
