import type { Check } from '../check.ts';
import { checkTool } from '../check-tool.ts';

export const buildProgramCheck: Check = {
  id: 'build-program',
  title: 'Ninja or make',
  group: 'build',
  run: (context) =>
    checkTool(context, {
      names: ['ninja', 'make'],
      why: 'CMake needs one of them',
      packages: { apt: 'ninja-build', pacman: 'ninja', apk: 'ninja' },
    }),
};
