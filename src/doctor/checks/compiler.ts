import type { Check } from '../check.ts';
import { checkTool } from '../check-tool.ts';

export const compilerCheck: Check = {
  id: 'compiler',
  title: 'C++ compiler',
  group: 'build',
  run: (context) =>
    checkTool(context, {
      names: ['g++', 'clang'],
      why: 'llama.cpp is built with one, and nvcc needs it',
      packages: { apt: 'g++', dnf: 'gcc-c++', pacman: 'gcc' },
    }),
};
