import type { Check } from '../check.ts';

export const runtimeVariablesCheck: Check = {
  id: 'runtime-variables',
  title: 'LLAMA_SERVER_PATH, LLAMA_CPP_DIR',
  group: 'runtimes',
  run: ({ facts: { runtimes } }) => {
    const named = runtimes.filter(({ foundBy }) => foundBy.startsWith('LLAMA_'));
    const empty = named.find(({ exists }) => !exists);
    if (empty !== undefined) {
      return {
        status: 'fail',
        summary: `${empty.foundBy} leads to ${empty.path}, which is not there.`,
        fix: 'Let it name what is there, or unset it.',
        commands: [`unset ${empty.foundBy}`],
      };
    }
    const [first] = named;
    if (first === undefined) return { status: 'ok', summary: 'Neither is set.' };
    return { status: 'ok', summary: `${first.foundBy} leads to ${first.path}.` };
  },
};
