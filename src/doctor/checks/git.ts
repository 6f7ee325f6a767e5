import type { Check } from '../check.ts';
import { checkTool } from '../check-tool.ts';

export const gitCheck: Check = {
  id: 'git',
  title: 'git',
  group: 'build',
  run: (context) =>
    checkTool(context, {
      names: ['git'],
      why: 'It fetches the source of llama.cpp',
      packages: { apt: 'git' },
    }),
};
