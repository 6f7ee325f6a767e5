import type { Host } from '../../host/host.ts';
import { askProgram, type AskOptions } from '../ask-program.ts';
import { findLibc } from '../find-libc.ts';
import type { CLibraryFacts, LibraryFacts } from '../facts/library-facts.ts';

/** The C library by its loader's name, its version by asking getconf, ldd or musl's loader. */
export async function findCLibrary(
  host: Host,
  options: AskOptions = {},
): Promise<Omit<CLibraryFacts, 'glibcxx'>> {
  const kind = await findLibc(host);
  if (kind === undefined) return { kind, version: undefined, source: 'none' };
  const version = kind === 'glibc' ? await askGlibc(host, options) : await askMusl(host, options);
  return { kind, version, source: version === undefined ? 'file' : 'program' };
}

async function askGlibc(host: Host, options: AskOptions): Promise<string | undefined> {
  const { stdout } = await askProgram(host, ['getconf', 'GNU_LIBC_VERSION'], options);
  const version = /^glibc (\d{1,2}\.\d{1,3}(?:\.\d{1,3})?)\s*$/.exec(stdout)?.[1];
  if (version !== undefined) return version;
  // `ldd (Ubuntu GLIBC 2.39-0ubuntu8.4) 2.39`.
  const ldd = await askProgram(host, ['ldd', '--version'], options);
  return /^ldd .{0,80}\D(\d{1,2}\.\d{1,3})\s*$/m.exec(ldd.stdout)?.[1];
}

/** It prints `Version 1.2.4` and its usage to stderr, and ends with 1. */
async function askMusl(host: Host, options: AskOptions): Promise<string | undefined> {
  const name = (await host.list('/lib')).find((entry) => entry.startsWith('ld-musl-'));
  if (name === undefined) return undefined;
  const { stderr } = await askProgram(host, [`/lib/${name}`], options);
  return /^Version (\d{1,2}(?:\.\d{1,3}){1,2})\s*$/m.exec(stderr)?.[1];
}

/** libstdc++.so.6.0.33 has the symbols of GLIBCXX up to 3.4.33: GCC manual, "ABI Policy and Guidelines". */
export function findGlibcxx(libraries: readonly LibraryFacts[]): string | undefined {
  const loaded = libraries.find(({ soname }) => soname === 'libstdc++.so.6')?.loaded;
  const minor = /^6\.0\.(\d{1,3})$/.exec(loaded?.version ?? '')?.[1];
  return minor === undefined ? undefined : `3.4.${minor}`;
}
