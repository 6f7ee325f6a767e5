import type { Check } from '../check.ts';
import { joinWords } from '../describe-gpus.ts';

/** NVIDIA's images name them on every machine; a driver is there on some. */
const IMAGE_FOLDER = /^\/usr\/local\/nvidia\/lib(?:64)?\/?$/;

export const libraryPathCheck: Check = {
  id: 'library-path',
  title: 'LD_LIBRARY_PATH',
  group: 'cuda',
  needs: ['linux'],
  run: ({ facts, evidence }) => {
    const value = facts.environment.variables['LD_LIBRARY_PATH'];
    if (value === undefined) return { status: 'ok', summary: 'It is not set.' };
    const folders = value.split(':');
    const absent =
      evidence?.libraryFolders.filter(({ path, exists }) => !exists && !IMAGE_FOLDER.test(path)) ??
      [];
    const problems = [
      ...absent.map(({ path }) => `${path} does not exist`),
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
    return { status: 'ok', summary: `${count}.`, detail: [value] };
  },
};
