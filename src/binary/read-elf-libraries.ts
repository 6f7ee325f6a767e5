import type { ByteSource, ReadOptions } from '../bytes/byte-source.ts';
import { compareVersions } from '../units/compare-versions.ts';
import type { ElfFile } from './elf-file.ts';
import { noLibraries, type LinkedLibraries } from './linked-libraries.ts';
import { readCudaImports } from './read-cuda-imports.ts';
import { readElfDynamic, type ElfDynamic } from './read-elf-dynamic.ts';
import { readVersionNeeds, type VersionNeed } from './read-version-needs.ts';

const DT_NEEDED = 1;
const DT_SONAME = 14;
const DT_RPATH = 15;
const DT_RUNPATH = 29;

/** Reads what an ELF file needs of other libraries. Objects and static programs need none. */
export async function readElfLibraries(
  source: ByteSource,
  elf: ElfFile,
  options: ReadOptions = {},
): Promise<LinkedLibraries> {
  const dynamic = await readElfDynamic(source, elf, options);
  if (dynamic === undefined) return noLibraries;
  const needs = await readVersionNeeds(source, { elf, dynamic }, options);
  return {
    needed: readTexts(dynamic, DT_NEEDED),
    delayLoaded: [],
    soname: readTexts(dynamic, DT_SONAME)[0],
    rpath: splitPaths(readTexts(dynamic, DT_RPATH)),
    runpath: splitPaths(readTexts(dynamic, DT_RUNPATH)),
    glibc: findHighest(needs, 'GLIBC_'),
    glibcxx: findHighest(needs, 'GLIBCXX_'),
    cudaImports: await readCudaImports(source, { elf, dynamic, needs }, options),
  };
}

function readTexts({ entries, strings }: ElfDynamic, tag: number): string[] {
  return entries
    .filter((entry) => entry.tag === tag)
    .map(({ value }) => strings.seek(value, 'elf.dynamicString').text('elf.dynamicString'));
}

function splitPaths(lists: readonly string[]): string[] {
  return lists.flatMap((list) => list.split(':')).filter((path) => path !== '');
}

/** The highest numeric version; `GLIBC_PRIVATE` and the like are of no use to a reader. */
function findHighest(needs: readonly VersionNeed[], prefix: string): string | undefined {
  return needs
    .filter(({ version }) => version.startsWith(prefix))
    .map(({ version }) => version.slice(prefix.length))
    .filter((version) => /^\d{1,9}(?:\.\d{1,9}){0,3}$/.test(version))
    .toSorted(compareVersions)
    .at(-1);
}
