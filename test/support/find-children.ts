import { readdir, readFile } from 'node:fs/promises';

/** Ids of the processes whose parent this is, out of /proc. */
export async function findChildren(pid: number | undefined): Promise<readonly number[]> {
  const ids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const parents = await Promise.all(
    ids.map(async (id) => {
      const stat = await readFile(`/proc/${id}/stat`, 'utf8').catch(() => '');
      // The name in brackets may hold blanks: the parent's id is the second field behind it.
      return {
        id: Number(id),
        parent: Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]),
      };
    }),
  );
  return parents.filter(({ parent }) => parent === pid).map(({ id }) => id);
}
