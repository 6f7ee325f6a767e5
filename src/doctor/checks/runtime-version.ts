import type { Check } from '../check.ts';

/** Of April 2025. Models that came later are unknown to what is older. */
const OLD_BUILD = 5000;

export const runtimeVersionCheck: Check = {
  id: 'runtime-version',
  title: 'Version of llama-server',
  group: 'runtimes',
  needs: ['server'],
  run: ({ facts }) => {
    const servers = facts.runtimes.filter(({ kind, exists }) => kind === 'server' && exists);
    const detail = servers.map(({ path, build, commit }) => `${path}: ${describe(build, commit)}`);
    const known = servers.filter(({ build }) => build !== undefined);
    const [first] = known;
    if (first === undefined) return { status: 'skip', summary: 'None said its version.' };
    // Builds from a source without its history call themselves 0 or 1.
    const old = known.find(({ build = 0 }) => build > 1 && build < OLD_BUILD);
    if (old !== undefined) {
      return {
        status: 'warn',
        summary: `${old.path} is build ${old.build}: models newer than April 2025 are unknown to it.`,
        detail,
        fix: 'Update it, if a model is refused with "unknown model architecture".',
        commands: ['git -C llama.cpp pull && cmake --build llama.cpp/build --config Release'],
      };
    }
    return {
      status: 'ok',
      summary: `${first.path}: ${describe(first.build, first.commit)}`,
      detail,
    };
  },
};

function describe(build: number | undefined, commit: string | undefined): string {
  if (build === undefined) return 'version not told.';
  return `build ${build}${commit === undefined ? '' : ` (${commit})`}.`;
}
