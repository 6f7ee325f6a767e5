import type { BuildOptions } from '../../build/build-options.ts';
import type { BuiltRuntime } from '../../build/build-runtime.ts';
import type { PreparedBuild } from '../../build/prepare-build.ts';
import { formatBuildPlan, formatBuiltRuntime } from '../output/format-build.ts';
import {
  defineCommand,
  type AnyCommand,
  type CommandContext,
  type FlagValues,
} from '../command.ts';

const flags = {
  gpu: {
    type: 'list',
    placeholder: 'gpus',
    summary: 'native, names, capabilities, colab, kaggle or all, with commas',
  },
  backend: { type: 'string', summary: 'what computes', choices: ['cuda', 'cpu'] },
  source: {
    type: 'string',
    placeholder: 'path',
    summary: 'folder or tar archive of llama.cpp, or npm (the pinned one)',
  },
  toolkit: {
    type: 'string',
    placeholder: 'version',
    summary: 'CUDA toolkit by version (12.4) or folder',
  },
  minDriver: {
    type: 'string',
    placeholder: 'version',
    summary: 'the oldest driver that must run it',
  },
  noPtx: { type: 'boolean', summary: 'no PTX for GPUs newer than those named' },
  cpu: { type: 'string', placeholder: 'level', summary: 'x86-64-v3 and the like, native or all' },
  glibc: {
    type: 'string',
    placeholder: 'version',
    summary: 'the newest C library that it may need',
  },
  staticCudart: { type: 'boolean', summary: 'link the CUDA runtime in; cuBLAS stays a library' },
  hostCompiler: { type: 'string', placeholder: 'program', summary: 'C++ compiler, such as g++-13' },
  jobs: {
    type: 'integer',
    minimum: 1,
    maximum: 1024,
    placeholder: 'count',
    summary: 'compilers at once',
  },
  only: {
    type: 'string',
    placeholder: 'program',
    summary: 'build this program alone',
    choices: ['llama-server', 'llama-cli', 'llama-bench'],
  },
  dryRun: { type: 'boolean', summary: 'show the plan and the line of cmake, build nothing' },
} as const;

/** What one of the two ways of the command gives. */
type Result =
  | { readonly kind: 'plan'; readonly document: PreparedBuild }
  | { readonly kind: 'runtime'; readonly document: BuiltRuntime };

export const buildCommand: AnyCommand = defineCommand({
  name: 'build',
  summary: 'build llama.cpp with machine code for the GPUs you name, and check that it is there',
  arguments: [],
  flags,
  examples: [
    { line: 'llcuda build --gpu colab --dry-run', does: 'what would be built, and where it runs' },
    { line: 'llcuda build --gpu t4,a100 --toolkit 12.4', does: 'for these GPUs, with CUDA 12.4' },
    { line: 'llcuda build', does: 'for the GPUs of this machine' },
    { line: 'llcuda build --backend cpu', does: 'for machines without a GPU' },
  ],
  run: async ({ flags: values }, context): Promise<Result> => {
    const options = listOptions(values, context);
    if (values.dryRun === true) {
      const { prepareBuild } = await import('../../build/prepare-build.ts');
      return { kind: 'plan', document: await prepareBuild(options) };
    }
    const { buildRuntime } = await import('../../build/build-runtime.ts');
    return { kind: 'runtime', document: await buildRuntime(options) };
  },
  document: ({ document }) => ({ schemaVersion: 1, ...document }),
  render: (result) =>
    result.kind === 'plan' ? formatBuildPlan(result.document) : formatBuiltRuntime(result.document),
});

function listOptions(
  values: FlagValues<typeof flags>,
  { host, signal, onProgress }: CommandContext,
): BuildOptions {
  const { backend, source, toolkit, cpu, glibc, hostCompiler, jobs } = values;
  return {
    host,
    signal,
    onProgress,
    backend,
    source,
    toolkit,
    cpu,
    glibc,
    hostCompiler,
    jobs,
    gpus: values.gpu,
    minimumDriver: values.minDriver,
    hasPtx: values.noPtx !== true,
    isCudartStatic: values.staticCudart,
    programs: values.only && [values.only],
  };
}
