import { findPtxIsa } from '../../compat/find-ptx-isa.ts';
import { resolveEffectiveDriver } from '../../compat/resolve-effective-driver.ts';
import { compareCudaVersions, formatCudaVersion } from '../../units/cuda-version.ts';
import { formatPtxIsaVersion } from '../../units/ptx-isa-version.ts';
import type { Check } from '../check.ts';
import { describeBestBuild } from '../describe-llama-build.ts';

export const toolkitDriverCheck: Check = {
  id: 'toolkit-driver',
  title: 'CUDA toolkit and driver',
  group: 'cuda',
  needs: ['devices'],
  run: ({ facts: { toolkits }, devices }) => {
    const toolkit = toolkits.find(
      ({ nvcc, version }) => nvcc !== undefined && version !== undefined,
    );
    const [device] = devices;
    if (toolkit?.version === undefined || device === undefined) {
      return { status: 'skip', summary: 'No toolkit with a compiler is here.' };
    }
    const { cudaVersion } = resolveEffectiveDriver(device);
    const name = `Toolkit ${toolkit.fullVersion ?? formatCudaVersion(toolkit.version)}`;
    const driver = `the driver's CUDA ${formatCudaVersion(cudaVersion)}`;
    if (compareCudaVersions(toolkit.version, cudaVersion) <= 0) {
      return { status: 'ok', summary: `${name} is not newer than ${driver}.` };
    }
    if (toolkit.version.major > cudaVersion.major) {
      return {
        status: 'warn',
        summary: `${name} is of a newer major version than ${driver}: what it builds gives error 35.`,
        fix: `Update the driver, or use ${describeBestBuild(devices)}.`,
      };
    }
    const [own, limit] = [findPtxIsa(toolkit.version), findPtxIsa(cudaVersion)];
    const versions =
      own && limit
        ? `: its PTX is ${formatPtxIsaVersion(own)}, the driver compiles up to ${formatPtxIsaVersion(limit)}`
        : '';
    const targets = [...new Set(devices.map(({ gpu }) => gpu.capability))].join(';');
    return {
      status: 'warn',
      summary: `${name} is newer than ${driver}${versions}. What it builds without machine code for this GPU gives error 222.`,
      fix: 'Build with machine code for the GPU, which runs with this driver.',
      commands: [`cmake -B build -DGGML_CUDA=ON -DCMAKE_CUDA_ARCHITECTURES="${targets}"`],
    };
  },
};
