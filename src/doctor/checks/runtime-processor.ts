import type { Check } from '../check.ts';

const architectures: Readonly<Record<string, string>> = { 'x86-64': 'x64', aarch64: 'arm64' };

export const runtimeProcessorCheck: Check = {
  id: 'runtime-processor',
  title: 'Processor that llama-server is made for',
  group: 'runtimes',
  needs: ['server'],
  run: ({ facts: { runtimes, platform } }) => {
    const binaries = runtimes.flatMap((runtime) => runtime.binaries);
    const known = binaries.filter(({ evidence }) => evidence?.architecture !== undefined);
    if (known.length === 0) return { status: 'skip', summary: 'Nothing tells it.' };
    const other = known.find(
      ({ evidence }) => architectures[evidence?.architecture ?? ''] !== platform.arch,
    );
    if (other === undefined)
      return { status: 'ok', summary: `${platform.arch}, as this machine is.` };
    return {
      status: 'fail',
      summary: `${other.path} is for ${other.evidence?.architecture}, and this machine is ${platform.arch}.`,
      fix: 'Take a build for this processor, or build it here.',
      commands: ['cmake -B build -DGGML_CUDA=ON && cmake --build build --config Release'],
    };
  },
};
