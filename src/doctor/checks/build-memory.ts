import { formatBytes } from '../../units/format-bytes.ts';
import type { Check } from '../check.ts';
import { isBuildUseful } from '../check-context.ts';
import { countBuildJobs } from '../describe-llama-build.ts';

export const buildMemoryCheck: Check = {
  id: 'build-memory',
  title: 'Memory for a build',
  group: 'build',
  run: (context) => {
    const { memory, processor } = context.facts;
    if (memory.usableBytes === undefined)
      return { status: 'skip', summary: 'Nothing tells the memory.' };
    if (!isBuildUseful(context)) return { status: 'skip', summary: 'There is nothing to build.' };
    const jobs = countBuildJobs(context);
    const cores = Math.max(1, Math.floor(processor.usableCores));
    const size = formatBytes(memory.usableBytes);
    if (jobs >= cores)
      return { status: 'ok', summary: `${size} is enough for ${cores} compiler(s).` };
    return {
      status: 'warn',
      summary: `${size} is not enough for ${cores} compilers of CUDA at once, of 2 GB each.`,
      fix: `Build with ${jobs} at a time.`,
      commands: [`cmake --build build --config Release -j ${jobs}`],
    };
  },
};
