import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { findToolFile, type CudaTools } from './find-cuda-tools.ts';

const run = promisify(execFile);

/** One object of GPU code: how nvcc is asked for it, and with which toolkits. */
export interface ObjectSpec {
  readonly name: string;
  readonly args: readonly string[];
  /** `.o` unless said. */
  readonly extension?: string;
  readonly onlyToolkit?: string;
}

const SOURCE = `
__global__ void scale(float *values, float factor) { values[threadIdx.x] *= factor; }
__global__ void add(float *values, const float *more) { values[threadIdx.x] += more[threadIdx.x]; }
int main() { scale<<<1, 1>>>(nullptr, 2.0f); return 0; }
`;

const T4_AND_H100 = [
  '-gencode=arch=compute_75,code=[sm_75,compute_75]',
  '-gencode=arch=compute_90a,code=[sm_90a,compute_90a]',
];

/** SASS and PTX of each: `code=[sm_90a,compute_90a]`. nvcc takes plain targets and `f` ones only one at a time. */
const forTargets = (targets: string): string[] =>
  targets
    .split(' ')
    .map((target) => `-gencode=arch=compute_${target},code=[sm_${target},compute_${target}]`);

const CUDA_13_0 = 'cuda-13.0';
const CUDA_13_5 = 'cuda-13.5';

export const objectSpecs: readonly ObjectSpec[] = [
  { name: 'default', args: [] },
  { name: 'two-targets', args: T4_AND_H100 },
  { name: 'plain-targets', args: forTargets('75 80 86 87 88 89 90 100 103 110 120 121') },
  { name: 'specific-targets', args: forTargets('90a 100a 103a 110a 120a 121a') },
  { name: 'family-targets', args: forTargets('100f 103f 110f 120f 121f') },
  { name: 'relocatable', args: ['-rdc=true', ...T4_AND_H100] },
  { name: 'link-time', args: ['-rdc=true', '-gencode=arch=compute_75,code=lto_75'] },
  { name: 'link-time-default', args: ['-dlto', '-arch=sm_80'] },
  {
    name: 'link-time-and-code',
    args: ['-rdc=true', '-gencode=arch=compute_80,code=[lto_80,sm_80,compute_80]'],
  },
  { name: 'debug', args: ['-G', ...T4_AND_H100] },
  { name: 'lines', args: ['-lineinfo', '-Xptxas=-O1', ...T4_AND_H100], onlyToolkit: CUDA_13_0 },
  ...['default', 'none', 'size', 'speed', 'balance'].map((mode) => ({
    name: `compress-${mode}`,
    args: [`--compress-mode=${mode}`, ...T4_AND_H100],
    onlyToolkit: CUDA_13_0,
  })),
  { name: 'compress-all', args: ['-Xfatbin=-compress-all', ...T4_AND_H100] },
  { name: 'program', args: T4_AND_H100, extension: '' },
  { name: 'relocatable-program', args: ['-rdc=true', ...T4_AND_H100], extension: '' },
  { name: 'library', args: ['-lib', ...T4_AND_H100], extension: '.a', onlyToolkit: CUDA_13_0 },
  { name: 'fatbin', args: ['-fatbin', ...T4_AND_H100], extension: '.fatbin' },
];

/** A cubin by itself has no entry, so that cuobjdump only lists it. */
export const cubinSpecs: readonly ObjectSpec[] = [
  { name: 'cubin', args: ['-cubin', '-arch=sm_75'], extension: '.cubin' },
  { name: 'specific-cubin', args: ['-cubin', '-arch=sm_90a'], extension: '.cubin' },
  { name: 'family-cubin', args: ['-cubin', '-arch=sm_100f'], extension: '.cubin' },
];

/** What nvcc has from 13.5 on: several images compressed as one, in an entry of kind 0x100. */
export const concatenatedSpec: ObjectSpec = {
  name: 'concatenated',
  args: ['--concat', '-gencode=arch=compute_80,code=sm_80', ...T4_AND_H100],
  onlyToolkit: CUDA_13_5,
};

/** Compiles one object into `folder` with the nvcc of a toolkit, and gives its path. */
export async function buildGpuObject(
  tools: CudaTools,
  toolkit: string,
  { spec, folder }: { readonly spec: ObjectSpec; readonly folder: string },
): Promise<string> {
  const source = join(folder, `${spec.name}.cu`);
  writeFileSync(source, SOURCE);
  const extension = spec.extension ?? '.o';
  const path = join(folder, `${spec.name}${extension}`);
  const compile = extension === '.o' ? ['-c'] : [];
  const nvcc = findToolFile(tools, toolkit, 'bin/nvcc');
  // ptxas must be the toolkit's own.
  const env = { ...process.env, PATH: `${dirname(nvcc)}:${process.env['PATH']}` };
  // The profile of 13.0 looks in lib64, where the toolkit's installer puts what the wheels have in lib.
  const libraries = `-L${join(dirname(nvcc), '..', 'lib')}`;
  await run(nvcc, ['-w', libraries, ...spec.args, ...compile, '-o', path, source], { env });
  return path;
}

/** A fatbin as the toolkit 12.4 writes it: cubins of the older ABI, LZ4. */
export async function buildOldFatbin(tools: CudaTools, folder: string): Promise<string> {
  const tool = (name: string): string => findToolFile(tools, 'cuobjdump-12.4', name);
  const images: string[] = [];
  for (const target of ['75', '90', '90a']) {
    const ptx = join(folder, `old-${target}.ptx`);
    const cubin = join(folder, `old-${target}.cubin`);
    writeFileSync(
      ptx,
      `.version 8.4\n.target sm_${target}\n.address_size 64\n.visible .entry k() { ret; }\n`,
    );
    await run(tool('ptxas'), [`-arch=sm_${target}`, ptx, '-o', cubin]);
    images.push(`--image3=kind=elf,sm=${target},file=${cubin}`);
    images.push(`--image3=kind=ptx,sm=${target},file=${ptx}`);
  }
  const path = join(folder, 'old.fatbin');
  await run(tool('fatbinary'), ['-64', `--create=${path}`, ...images]);
  return path;
}
