import type { Check } from '../check.ts';
import { joinWords } from '../describe-gpus.ts';

/** Variables that make llama.cpp slower, and for what they are meant. */
const slow: readonly (readonly [name: string, value: RegExp, meant: string])[] = [
  ['CUDA_LAUNCH_BLOCKING', /^1$/, 'for debugging: every kernel is waited for'],
  ['GGML_CUDA_FORCE_CUBLAS', /./, 'no quantized kernels are used'],
  ['GGML_CUDA_DISABLE_GRAPHS', /./, 'kernels are launched one by one'],
  ['GGML_CUDA_ENABLE_UNIFIED_MEMORY', /./, 'what does not fit goes through the bus in silence'],
  ['GGML_CUDA_NO_PINNED', /./, 'copies to the GPU take longer'],
];

export const slowSwitchesCheck: Check = {
  id: 'slow-switches',
  title: 'Variables that slow llama.cpp down',
  group: 'cuda',
  run: ({ facts: { environment } }) => {
    const set = slow.filter(([name, value]) => value.test(environment.variables[name] ?? ''));
    if (set.length === 0) return { status: 'ok', summary: 'None is set.' };
    return {
      status: 'warn',
      summary: `${joinWords(set.map(([name, , meant]) => `${name} is set (${meant})`))}.`,
      fix: 'Unset what is not meant.',
      commands: [`unset ${set.map(([name]) => name).join(' ')}`],
    };
  },
};
