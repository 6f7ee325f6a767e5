import type { HostToolkit } from '../../probe/facts/toolkit-facts.ts';
import { formatCudaVersion } from '../../units/cuda-version.ts';
import type { Check } from '../check.ts';
import { quote } from '../describe-llama-build.ts';

export const toolkitChoiceCheck: Check = {
  id: 'toolkit-choice',
  title: 'Choice of CUDA toolkit',
  group: 'cuda',
  run: ({ facts: { toolkits, environment } }) => {
    const { CUDA_HOME, CUDA_PATH } = environment.variables;
    const detail = toolkits.map((toolkit) => describe(toolkit));
    for (const [name, value] of Object.entries({ CUDA_HOME, CUDA_PATH })) {
      const named = toolkits.find(({ foundBy }) => foundBy.some((clue) => clue === name));
      if (value === undefined) continue;
      if (named === undefined) {
        return {
          status: 'warn',
          summary: `${name} names ${value}, where no toolkit is.`,
          detail,
          fix: `Unset ${name}, or name the folder of a toolkit.`,
          commands: [`unset ${name}`],
        };
      }
      const onPath = toolkits.find(({ isOnPath }) => isOnPath);
      if (onPath !== undefined && onPath.root !== named.root) {
        return {
          status: 'warn',
          summary: `nvcc on the PATH is of ${onPath.root}, ${name} names ${named.root}: a build may mix them.`,
          detail,
          fix: 'Let both name the same toolkit.',
          commands: [`export PATH=${quote(`${named.root}/bin`)}:"$PATH"`],
        };
      }
    }
    const [first, ...others] = toolkits;
    if (first === undefined)
      return { status: 'skip', summary: 'No CUDA toolkit is here; a runtime needs none.' };
    const more = others.length === 0 ? '' : `, and ${others.length} more`;
    return { status: 'ok', summary: `${describe(first).replace(/\.$/, '')}${more}.`, detail };
  },
};

function describe({ root, version, fullVersion, nvcc, isOnPath }: HostToolkit): string {
  const number = fullVersion ?? (version && formatCudaVersion(version)) ?? '(version not told)';
  const compiler = nvcc === undefined ? ', without nvcc' : isOnPath ? ', nvcc on the PATH' : '';
  return `${number} in ${root}${compiler}.`;
}
