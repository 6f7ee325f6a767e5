import type { Check } from '../check.ts';

export const storeRuntimesCheck: Check = {
  id: 'store-runtimes',
  title: 'Runtimes in the store',
  group: 'store',
  needs: ['evidence'],
  run: ({ facts: { runtimes }, evidence }) => {
    const stored = runtimes.filter(({ foundBy }) => foundBy === 'store');
    const detail = stored.map(({ kind, path }) => `${path} (${kind}).`);
    const incomplete = evidence?.store.incompleteRuntimes ?? [];
    if (incomplete.length > 0) {
      return {
        status: 'warn',
        summary: `${incomplete.join(', ')}: the installation did not come to its end.`,
        detail,
        fix: 'Run a model: it is installed again.',
        commands: ['llcuda run "What is AI?" --gpu off'],
      };
    }
    return {
      status: 'ok',
      summary:
        stored.length === 0
          ? 'None yet: `llcuda run` installs one.'
          : `${stored.length} installed.`,
      detail,
    };
  },
};
