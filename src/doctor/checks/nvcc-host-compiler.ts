import { formatCudaVersion } from '../../units/cuda-version.ts';
import type { Check } from '../check.ts';
import { findTools } from '../check-tool.ts';
import { findUsableToolkit } from '../describe-llama-build.ts';

/** The newest GCC that nvcc takes: `crt/host_config.h` of each toolkit; CUDA Installation Guide, "Host Compiler Support Policy". */
const newestGcc: readonly (readonly [toolkit: number, gcc: number])[] = [
  [13.0, 15],
  [12.8, 14],
  [12.4, 13],
  [12.1, 12],
  [12.0, 12],
  [11.5, 11],
  [11.1, 10],
  [11.0, 9],
];

export const nvccHostCompilerCheck: Check = {
  id: 'nvcc-host-compiler',
  title: 'C++ compiler that nvcc takes',
  group: 'build',
  needs: ['nvcc'],
  run: (context) => {
    const toolkit =
      findUsableToolkit(context) ?? context.facts.toolkits.find(({ nvcc }) => nvcc !== undefined);
    const gcc = findTools(context, ['g++'])[0]?.version;
    const version = toolkit?.version;
    if (version === undefined || gcc === undefined) {
      return { status: 'skip', summary: 'Nothing tells the version of both.' };
    }
    const number = version.major + version.minor / 10;
    const newest = newestGcc.find(([first]) => number >= first)?.[1];
    const major = Number.parseInt(gcc, 10);
    const name = `nvcc ${formatCudaVersion(version)}`;
    if (newest === undefined || major <= newest) {
      return { status: 'ok', summary: `${name} takes g++ ${gcc}.` };
    }
    return {
      status: 'warn',
      summary: `${name} takes g++ up to ${newest}, and here is ${gcc}.`,
      fix: `Install g++ ${newest}, and name it to CMake.`,
      commands: [`cmake -B build -DGGML_CUDA=ON -DCMAKE_CUDA_HOST_COMPILER=g++-${newest}`],
    };
  },
};
