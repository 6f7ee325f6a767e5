import type { Check } from '../check.ts';
import { quote } from '../describe-llama-build.ts';

export const runtimeStartsCheck: Check = {
  id: 'runtime-starts',
  title: 'Start of llama-server',
  group: 'runtimes',
  needs: ['server'],
  run: ({ runtimes }) => {
    const servers = runtimes.filter(({ runtime }) => runtime.kind === 'server' && runtime.exists);
    const broken = servers.find(({ runtime }) => runtime.problem !== undefined);
    if (broken === undefined) {
      return { status: 'ok', summary: `${servers.length} answer(s) when asked for the version.` };
    }
    const { path, problem = '' } = broken.runtime;
    return {
      status: 'fail',
      summary: `${path} does not start: ${problem.replace(/\.$/, '')}.`,
      ...describeFix(path, problem),
    };
  },
};

function describeFix(
  path: string,
  problem: string,
): { readonly fix: string; readonly commands: readonly string[] } {
  if (/illegal|SIGILL/i.test(problem)) {
    return {
      fix: 'It is built for another processor: build it on this machine.',
      commands: ['cmake -B build -DGGML_NATIVE=ON && cmake --build build --config Release'],
    };
  }
  if (/cannot open shared object|GLIBC|not found/i.test(problem)) {
    return {
      fix: 'See which libraries it lacks.',
      commands: [`ldd ${quote(path)} | grep 'not found'`],
    };
  }
  if (/cannot be started|permission/i.test(problem)) {
    return {
      fix: 'See that it is a program for this system, and executable.',
      commands: [`file ${quote(path)} && chmod +x ${quote(path)}`],
    };
  }
  return {
    fix: 'Start it by hand, and let llcuda explain what it says.',
    commands: [`${quote(path)} --version 2>&1 | llcuda explain`],
  };
}
