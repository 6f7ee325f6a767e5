import { dirname } from 'node:path';
import type { Host } from '../../host/host.ts';
import type { BuildPlan } from '../plan/build-plan.ts';
import type { BuildSource } from '../source/build-source.ts';
import type { Toolchain } from '../toolchain/toolchain.ts';

/** Everything that cmake is given for a build, other than where: `-G`, `-S` and `-B` are the caller's. */
export function listCmakeArguments(parts: {
  readonly plan: BuildPlan;
  readonly toolchain: Toolchain;
  readonly source: BuildSource;
  readonly staticCudart?: string | undefined;
}): readonly string[] {
  const { plan, toolchain, source } = parts;
  const { compiler, compilerCache, toolkit } = toolchain;
  const launchers = compilerCache === undefined ? [] : ['C', 'CXX', ...(toolkit ? ['CUDA'] : [])];
  return [
    ...plan.cmakeOptions,
    // What cmake would ask git for; the source may lie in somebody else's repository.
    'LLAMA_BUILD_NUMBER=0',
    `LLAMA_BUILD_COMMIT=${source.commit?.slice(0, 7) ?? 'unknown'}`,
    'LLAMA_BUILD_IS_DEV=OFF',
    `CMAKE_C_COMPILER=${compiler.c}`,
    `CMAKE_CXX_COMPILER=${compiler.cxx}`,
    ...launchers.map((language) => `CMAKE_${language}_COMPILER_LAUNCHER=${compilerCache?.path}`),
    ...(toolkit === undefined
      ? []
      : [
          `CMAKE_CUDA_COMPILER=${toolkit.nvcc}`,
          `CUDAToolkit_ROOT=${toolkit.root}`,
          `CMAKE_CUDA_HOST_COMPILER=${compiler.cxx}`,
        ]),
    ...listStaticOptions(parts.staticCudart),
  ].map((option) => `-D${option}`);
}

/** cmake links the library that it is told to find, whatever its name ends in. */
function listStaticOptions(library: string | undefined): readonly string[] {
  if (library === undefined) return [];
  return [`CUDA_cudart_LIBRARY=${library}`, 'CMAKE_SHARED_LINKER_FLAGS=-ldl -lrt -pthread'];
}

/** libcudart_static.a of a toolkit. `undefined`: it has none. */
export async function findStaticCudart(host: Host, nvcc: string): Promise<string | undefined> {
  const root = dirname(dirname(nvcc));
  const folders = [
    `${root}/lib64`,
    `${root}/lib`,
    `${root}/targets/x86_64-linux/lib`,
    '/usr/lib/x86_64-linux-gnu',
  ];
  for (const folder of folders) {
    if ((await host.list(folder)).includes('libcudart_static.a'))
      return `${folder}/libcudart_static.a`;
  }
  return undefined;
}
