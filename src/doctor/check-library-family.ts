import type { LibraryFacts } from '../probe/facts/library-facts.ts';
import type { HostFacts } from '../probe/host-facts.ts';
import type { CheckOutcome } from './check.ts';
import type { CheckContext } from './check-context.ts';
import { joinWords } from './describe-gpus.ts';
import { quote } from './describe-llama-build.ts';
import { findFolder, findLibrary } from './find-library.ts';

export interface LibraryFamily {
  /** As people call it: `the CUDA runtime (libcudart)`. */
  readonly name: string;
  /** Matches its sonames, in whatever version. */
  readonly pattern: RegExp;
  /** What a shop of packages has, for a soname. */
  readonly createInstall: (soname: string) => string;
}

/** Whether the libraries of a family that a llama.cpp of this host needs are found by the loader. */
export function checkLibraryFamily(
  context: CheckContext,
  { name, pattern, createInstall }: LibraryFamily,
): CheckOutcome {
  const { facts, runtimes } = context;
  const found = facts.libraries.filter(
    ({ soname, copies }) => pattern.test(soname) && copies.length > 0,
  );
  const detail = found.flatMap((library) => describeCopies(library));
  const missing = listMissing(context, pattern);
  const [soname] = missing;
  if (soname !== undefined) {
    const users = runtimes
      .filter(({ missingLibraries }) => missingLibraries.includes(soname))
      .map(({ runtime }) => runtime.path);
    const needed = users.length === 0 ? '' : `, which ${joinWords(users)} needs`;
    const summary = `The loader does not find ${joinWords(missing)}${needed}.`;
    const [copy] = findLibrary(facts, soname).copies;
    if (copy === undefined) {
      return {
        status: 'fail',
        summary,
        detail,
        fix: `Install ${soname}, or take a build that needs another version.`,
        commands: [createInstall(soname)],
      };
    }
    return {
      status: 'fail',
      summary: `${summary} ${copy.path} is there, where nobody looks.`,
      detail,
      fix: 'Add its folder to the library path.',
      commands: [createExport(findFolder(copy))],
    };
  }
  if (found.length === 0) {
    return {
      status: 'skip',
      summary: `${name} is not here, and no llama.cpp of this host needs it.`,
    };
  }
  const reachable = found
    .filter(({ loaded }) => loaded !== undefined)
    .map((library) => library.soname);
  const summary =
    reachable.length === 0
      ? `${joinWords(found.map((library) => library.soname))}: only where the loader does not look, and nothing needs it.`
      : `The loader finds ${joinWords(reachable)}.`;
  return { status: 'ok', summary, detail };
}

export function createExport(folder: string): string {
  return `export LD_LIBRARY_PATH=${quote(folder)}\${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}`;
}

/** What binaries name, and libcublasLt where libcublas is: that is what opens it. */
function listMissing({ facts, runtimes }: CheckContext, pattern: RegExp): readonly string[] {
  const needed = runtimes
    .flatMap(({ runtime }) => runtime.binaries)
    .flatMap(({ evidence }) => evidence?.libraries.needed ?? []);
  const companions = needed
    .filter((soname) => /^libcublas\.so\.\d+$/.test(soname))
    .map((soname) => soname.replace('libcublas', 'libcublasLt'))
    .filter((soname) => isLacking(facts, soname));
  const missing = [...runtimes.flatMap(({ missingLibraries }) => missingLibraries), ...companions];
  return [...new Set(missing)].filter((soname) => pattern.test(soname));
}

/** Found or not is known only where its companion was found by the loader, not beside llama-server. */
function isLacking(facts: HostFacts, soname: string): boolean {
  const companion = findLibrary(facts, soname.replace('libcublasLt', 'libcublas'));
  return companion.loaded !== undefined && findLibrary(facts, soname).copies.length === 0;
}

/** `libcudart.so.12: /usr/local/cuda-12.5/lib64/libcudart.so.12.5.82 (loads)`. */
export function describeCopies({ soname, copies, loaded }: LibraryFacts): readonly string[] {
  return copies.map((copy) => {
    const kind =
      copy.kind === 'normal' ? '' : `, ${copy.kind === 'stub' ? 'a stub' : 'of cuda-compat'}`;
    const place =
      copy === loaded ? 'loads' : copy.isOnLoaderPath ? 'hidden by the first' : 'not on the path';
    const others = copy.alsoAt.length === 0 ? '' : `; also at ${copy.alsoAt.join(', ')}`;
    return `${soname}: ${copy.realPath} (${place}${kind}${others})`;
  });
}
