import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { checkRuntimeFolder } from '../../src/build/gate/check-runtime-folder.ts';
import type { BuildPlan } from '../../src/build/plan/build-plan.ts';
import { planBuild } from '../../src/build/plan/plan-build.ts';
import { resolveSource } from '../../src/build/source/resolve-source.ts';
import { chooseToolkit } from '../../src/build/toolchain/choose-toolkit.ts';
import { findHostCompiler } from '../../src/build/toolchain/find-host-compiler.ts';
import { checkCompatibility } from '../../src/compat/check-compatibility.ts';
import { createCompatCode } from '../../src/compat/create-compat-code.ts';
import { parseTarget, resolveTarget } from '../../src/compat/parse-target.ts';
import { visitBinaries } from '../../src/inspect/visit-binaries.ts';
import { createTestHost } from '../support/embedded.ts';
import { createTemporaryDirectory } from '../support/temporary-directory.ts';
import { findCudaTools, findToolFile } from '../truth/find-cuda-tools.ts';

const run = promisify(execFile);
const tools = await findCudaTools();
const needed = ['cuda-13.0', 'cccl-13.0'];
const isThere = process.env['CI'] !== undefined || needed.every((name) => tools.folders.has(name));

/** Small ones of llama.cpp: each takes nvcc some seconds. */
const kernels = ['scale', 'clamp', 'softcap'];

/** What they include of cuBLAS, and do not call: its own headers come with 400 MB of libraries. */
const cublasHeader = `#pragma once
#include <cuda_runtime_api.h>
typedef struct cublasContext *cublasHandle_t;
typedef enum { CUBLAS_STATUS_SUCCESS = 0 } cublasStatus_t;
typedef enum { CUBLAS_TF32_TENSOR_OP_MATH = 3 } cublasMath_t;
extern "C" {
cublasStatus_t cublasCreate(cublasHandle_t *handle);
cublasStatus_t cublasSetMathMode(cublasHandle_t handle, cublasMath_t mode);
cublasStatus_t cublasSetStream(cublasHandle_t handle, cudaStream_t stream);
cublasStatus_t cublasSetWorkspace(cublasHandle_t handle, void *workspace, size_t size);
const char *cublasGetStatusString(cublasStatus_t status);
}
`;

/** `75-real` of cmake as nvcc takes it. */
function asGencode(architecture: string): string {
  const [target = '', kind] = architecture.split('-');
  return `arch=compute_${target},code=${kind === 'real' ? 'sm' : 'compute'}_${target}`;
}

/** Compiles kernels of llama.cpp for these architectures, and links them into a library. */
async function buildKernels(
  folder: string,
  { architectures, mode }: { readonly architectures: readonly string[]; readonly mode: string },
): Promise<void> {
  const host = createTestHost();
  const nvcc = findToolFile(tools, 'cuda-13.0', 'bin/nvcc');
  const { toolkit } = await chooseToolkit(host, { toolkit: join(nvcc, '../..') });
  const compiler = await findHostCompiler(host, toolkit);
  const { directory } = await resolveSource('npm', { host });
  const headers = join(findToolFile(tools, 'cccl-13.0', 'include/nv/target'), '../..');
  await mkdir(join(folder, 'include'));
  await mkdir(join(folder, 'runtime'));
  await writeFile(join(folder, 'include/cublas_v2.h'), cublasHeader);
  const ggml = join(directory, 'ggml');
  const includes = [join(folder, 'include'), headers, `${ggml}/include`, `${ggml}/src`];
  for (const kernel of kernels) {
    await run(nvcc, [
      '-std=c++17',
      '-use_fast_math',
      '-extended-lambda',
      `-compress-mode=${mode}`,
      ...architectures.flatMap((architecture) => ['-gencode', asGencode(architecture)]),
      '-ccbin',
      compiler.cxx,
      '-Xcompiler',
      '-fPIC',
      ...includes.map((include) => `-I${include}`),
      '-c',
      `${ggml}/src/ggml-cuda/${kernel}.cu`,
      '-o',
      join(folder, `${kernel}.o`),
    ]);
  }
  await run(compiler.cxx, [
    '-shared',
    '-o',
    join(folder, 'runtime/libggml-cuda.so'),
    '-Wl,-soname,libggml-cuda.so',
    ...kernels.map((kernel) => join(folder, `${kernel}.o`)),
    findToolFile(tools, 'cuda-13.0', 'lib/libcudart.so.13'),
    '-Wl,-rpath,$ORIGIN:$ORIGIN/../lib',
    '-Wl,--enable-new-dtags',
  ]);
}

function planFor(gpus: string): BuildPlan & { readonly cuda: NonNullable<BuildPlan['cuda']> } {
  const plan = planBuild({ toolkit: { major: 13, minor: 0 }, gpus: [gpus] });
  if (plan.cuda === undefined) throw new Error('a plan for CUDA has a part for it');
  return { ...plan, cuda: plan.cuda };
}

describe.skipIf(!isThere)(`kernels of llama.cpp (${tools.problem ?? 'tools are there'})`, () => {
  it('pass the gate when they are built as planned, and run natively on a T4', async () => {
    await using directory = await createTemporaryDirectory();
    const plan = planFor('t4');
    const { architectures, compressionMode: mode = 'none' } = plan.cuda;
    await buildKernels(directory.path, { architectures, mode });
    const runtime = join(directory.path, 'runtime');

    const gate = await checkRuntimeFolder(runtime, { plan });

    expect(gate).toEqual({ files: 1, fatbins: kernels.length, findings: [] });
    const outcomes: string[] = [];
    await visitBinaries(runtime, {}, async ({ code }) => {
      const host = resolveTarget(parseTarget('t4,driver=580.65.06'), '');
      if (code) outcomes.push(checkCompatibility(createCompatCode(code), host).outcome);
      expect(code?.fatbins[0]?.images.map(({ kind, compression }) => [kind, compression])).toEqual(
        expect.arrayContaining(
          plan.cuda.images.map(({ kind, compression }) => [kind, compression]),
        ),
      );
    });
    expect(outcomes).toEqual(['native']);
  });

  it('are refused when they are built as upstream does: PTX alone for 7.5', async () => {
    await using directory = await createTemporaryDirectory();
    await buildKernels(directory.path, { architectures: ['75-virtual', '86-real'], mode: 'size' });

    const { findings } = await checkRuntimeFolder(join(directory.path, 'runtime'), {
      plan: planFor('t4'),
    });

    expect(findings).toEqual([
      {
        file: 'libggml-cuda.so',
        reason:
          '3 of 3 fatbins hold no machine code sm_75 for T4 (7.5); the first of them holds compute_75, sm_86',
      },
      { file: 'libggml-cuda.so', reason: expect.stringContaining('jit, not native') as unknown },
    ]);
  });
});
