import type { Check } from '../check.ts';
import { isBuildUseful } from '../check-context.ts';
import { checkTool, findTools } from '../check-tool.ts';

/** With more cores a build of llama.cpp with CUDA is a matter of minutes. */
const FEW_CORES = 4;

export const ccacheCheck: Check = {
  id: 'ccache',
  title: 'Compiler cache',
  group: 'build',
  run: (context) => {
    const { usableCores } = context.facts.processor;
    const isThere = findTools(context, ['ccache', 'sccache']).length > 0;
    if (!isThere && isBuildUseful(context) && usableCores > FEW_CORES) {
      return { status: 'skip', summary: 'There is none; with so many cores it saves little.' };
    }
    return checkTool(context, {
      names: ['ccache', 'sccache'],
      why: `With ${usableCores} core(s) a build takes long, and every other one as long again`,
      packages: { apt: 'ccache' },
    });
  },
};
