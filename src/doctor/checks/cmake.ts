import type { Check } from '../check.ts';
import { checkTool, findTools } from '../check-tool.ts';
import { compareDotted } from '../compare-dotted.ts';

/** ggml/src/ggml-cuda/CMakeLists.txt: `cmake_minimum_required(VERSION 3.18)`. */
const MINIMUM = '3.18';

export const cmakeCheck: Check = {
  id: 'cmake',
  title: 'CMake',
  group: 'build',
  run: (context) => {
    const version = findTools(context, ['cmake'])[0]?.version;
    if (version !== undefined && compareDotted(version, MINIMUM) < 0) {
      return {
        status: 'warn',
        summary: `cmake ${version} is here; llama.cpp with CUDA needs ${MINIMUM}.`,
        fix: 'Install a newer one.',
        commands: ['pip install --user cmake'],
      };
    }
    return checkTool(context, {
      names: ['cmake'],
      why: 'llama.cpp is built with it',
      packages: { apt: 'cmake' },
    });
  },
};
