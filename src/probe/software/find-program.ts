import { posix, win32 } from 'node:path';
import type { Host } from '../../host/host.ts';

/** The file that a name on PATH leads to, as the system would find it; `undefined` when there is none. */
export async function findProgram(host: Host, name: string): Promise<string | undefined> {
  const isWindows = host.platform === 'win32';
  const paths = isWindows ? win32 : posix;
  const folders = (host.env['PATH'] ?? host.env['Path'] ?? '')
    .split(paths.delimiter)
    .filter((folder) => paths.isAbsolute(folder))
    .slice(0, 128);
  const endings = isWindows ? ['.exe', '.cmd', ''] : [''];
  const candidates = folders.flatMap((folder) =>
    endings.map((ending) => paths.join(folder, `${name}${ending}`)),
  );
  const entries = await Promise.all(candidates.map(async (path) => host.findEntry(path)));
  return candidates.find((_, at) => entries[at]?.kind === 'file');
}
