import type { Check } from '../check.ts';
import { compareDotted } from '../compare-dotted.ts';
import { findLibrary } from '../find-library.ts';
import { createInstallCommand } from '../install-command.ts';

/** Of GCC 12, the compiler of Ubuntu 22.04: GCC manual, "ABI Policy and Guidelines". */
const RELEASE_GLIBCXX = '3.4.30';

export const cppLibraryCheck: Check = {
  id: 'cpp-library',
  title: 'C++ and OpenMP libraries',
  group: 'platform',
  needs: ['linux'],
  run: ({ facts }) => {
    const { glibcxx, kind } = facts.cLibrary;
    const known = facts.libraries.some(({ loaded }) => loaded !== undefined);
    if (!known || kind === 'musl')
      return { status: 'skip', summary: 'Nothing tells what the loader finds.' };
    const missing = [
      ['libstdc++.so.6', { apt: 'libstdc++6', dnf: 'libstdc++' }],
      ['libgomp.so.1', { apt: 'libgomp1', dnf: 'libgomp' }],
    ] as const;
    for (const [soname, packages] of missing) {
      if (findLibrary(facts, soname).loaded !== undefined) continue;
      return {
        status: 'warn',
        summary: `The loader does not find ${soname}, which most builds of llama.cpp need.`,
        fix: 'Install it.',
        commands: [createInstallCommand(facts.platform, packages)],
      };
    }
    if (glibcxx !== undefined && compareDotted(glibcxx, RELEASE_GLIBCXX) < 0) {
      return {
        status: 'warn',
        summary: `libstdc++ has GLIBCXX_${glibcxx}; releases of llama.cpp need ${RELEASE_GLIBCXX}.`,
        fix: 'Build llama.cpp on this system, or update libstdc++.',
        commands: [createInstallCommand(facts.platform, { apt: 'libstdc++6', dnf: 'libstdc++' })],
      };
    }
    return { status: 'ok', summary: `GLIBCXX_${glibcxx ?? '(not told)'}, and libgomp.` };
  },
};
