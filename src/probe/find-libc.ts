import type { Host } from '../host/host.ts';

/** The C library of a Linux host, told by its dynamic loader; `undefined` on other systems. */
export async function findLibc(host: Host): Promise<'glibc' | 'musl' | undefined> {
  if (host.platform !== 'linux') return undefined;
  const folders = await Promise.all(
    ['/lib64', '/lib', '/usr/lib', '/usr/lib64'].map((folder) => host.list(folder)),
  );
  const names = folders.flat();
  // glibc's is ld-linux-x86-64.so.2 or ld-linux-aarch64.so.1. Either may be there beside the other:
  // Debian's musl package on a glibc system, gcompat on Alpine.
  const hasGlibc = names.some((name) => name.startsWith('ld-linux'));
  const hasMusl = names.some((name) => name.startsWith('ld-musl-'));
  const isAlpine = (await host.readText('/etc/alpine-release')) !== undefined;
  if (hasGlibc && !isAlpine) return 'glibc';
  return hasMusl ? 'musl' : undefined;
}
