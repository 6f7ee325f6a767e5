import type { Check } from '../check.ts';
import { joinWords } from '../describe-gpus.ts';
import { findLibrary } from '../find-library.ts';

export const libraryPathCheck: Check = {
  id: 'library-path',
  title: 'LD_LIBRARY_PATH',
  group: 'cuda',
  needs: ['linux'],
  run: ({ facts, evidence, runtimes }) => {
    const value = facts.environment.variables['LD_LIBRARY_PATH'];
    if (value === undefined) return { status: 'ok', summary: 'It is not set.' };
    const folders = value.split(':');
    const absent = evidence?.libraryFolders.filter(({ exists }) => !exists) ?? [];
    // What is not there does no harm, unless something was meant to be found in it.
    const isMissed =
      findLibrary(facts, 'libcuda.so.1').loaded === undefined ||
      runtimes.some(({ missingLibraries }) => missingLibraries.length > 0);
    const problems = [
      ...(isMissed ? absent : []).map(({ path }) => `${path} does not exist`),
      ...(folders.includes('') ? ['an empty entry stands for the working directory'] : []),
      ...folders.filter((path) => /\/stubs\/?$/.test(path)).map((path) => `${path} holds stubs`),
    ];
    if (problems.length > 0) {
      return {
        status: 'warn',
        summary: `In LD_LIBRARY_PATH, ${joinWords(problems)}.`,
        detail: [value],
        fix: 'Leave out what is not a folder of libraries.',
        commands: [
          `export LD_LIBRARY_PATH="$(printf %s "$LD_LIBRARY_PATH" | tr : '\\n' | grep -v /stubs | while read -r d; do [ -d "$d" ] && echo "$d"; done | paste -sd:)"`,
        ],
      };
    }
    const count = folders.length === 1 ? 'One folder' : `${folders.length} folders`;
    const unused = absent.map(({ path }) => `${path} does not exist.`);
    return { status: 'ok', summary: `${count}.`, detail: [value, ...unused] };
  },
};
