import type { Check } from '../check.ts';
import { createBuildCommand, describeBestBuild } from '../describe-llama-build.ts';

export const runtimePresentCheck: Check = {
  id: 'runtime-present',
  title: 'llama.cpp for the GPU',
  group: 'runtimes',
  needs: ['devices'],
  run: (context) => {
    const { facts, devices } = context;
    const servers = facts.runtimes.filter(({ kind, exists }) => kind === 'server' && exists);
    const ready = servers.find(({ hasCuda }) => hasCuda);
    if (ready !== undefined) return { status: 'ok', summary: `${ready.path} has CUDA.` };
    const command = createBuildCommand(context);
    const [first] = servers;
    return {
      status: 'warn',
      summary:
        first === undefined
          ? 'There is a GPU, and no llama-server that could use it.'
          : `${first.path} is built without CUDA: it would leave the GPU idle.`,
      fix: `Use ${describeBestBuild(devices)}.`,
      ...(command !== undefined && { commands: [command] }),
    };
  },
};
