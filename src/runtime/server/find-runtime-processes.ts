import { readdir, readlink } from 'node:fs/promises';
import { sep } from 'node:path';

/** Ids of the processes whose program lies in a folder, on Linux. Elsewhere none is known: Windows itself keeps their files. */
export async function findRuntimeProcesses(directory: string): Promise<readonly number[]> {
  const ids = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(
    ids.map(async (id) => {
      const program = await readlink(`/proc/${id}/exe`).catch(() => '');
      return program.startsWith(directory + sep) ? [Number(id)] : [];
    }),
  );
  return found.flat();
}
