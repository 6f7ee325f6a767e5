import { compareCudaVersions } from '../../units/cuda-version.ts';
import type { Check } from '../check.ts';

export const dgxSparkCheck: Check = {
  id: 'dgx-spark',
  title: 'DGX Spark',
  group: 'platform',
  run: ({ facts: { platform, driver } }) => {
    if (!platform.isDgxSpark) return { status: 'skip', summary: 'This is no DGX Spark.' };
    const cuda = driver.effectiveCudaVersion;
    const detail = [
      'GPU and processor share one memory: what is free is told by the system, not by NVML.',
    ];
    if (cuda !== undefined && compareCudaVersions(cuda, { major: 13, minor: 0 }) < 0) {
      return {
        status: 'warn',
        summary: 'Its GB10 is meant for drivers of CUDA 13 on.',
        detail,
        fix: 'Update the system.',
        commands: ['sudo apt update && sudo apt full-upgrade'],
      };
    }
    return {
      status: 'ok',
      summary: 'A GB10 (12.1): builds need sm_121 or sm_120f code, or PTX.',
      detail,
    };
  },
};
