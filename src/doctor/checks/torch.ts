import { describeGpu } from '../../compat/describe-host.ts';
import { resolveEffectiveDriver } from '../../compat/resolve-effective-driver.ts';
import { formatCudaVersion, parseCudaVersion } from '../../units/cuda-version.ts';
import type { Check } from '../check.ts';

export const torchCheck: Check = {
  id: 'torch',
  title: 'PyTorch and its CUDA',
  group: 'cuda',
  needs: ['torch'],
  run: ({ facts: { python }, devices }) => {
    const torch = python?.torch;
    const name = `PyTorch ${torch?.version ?? '(version not told)'}`;
    const cuda = parseCudaVersion(torch?.cuda ?? '');
    const [device] = devices;
    if (device === undefined) return { status: 'ok', summary: `${name}; there is no GPU for it.` };
    const { cudaVersion } = resolveEffectiveDriver(device);
    const wheel = `cu${cudaVersion.major >= 13 ? '130' : cudaVersion.major === 12 ? '126' : '118'}`;
    const install = `pip install --force-reinstall torch --index-url https://download.pytorch.org/whl/${wheel}`;
    if (cuda === undefined) {
      return {
        status: 'warn',
        summary: `${name} is built without CUDA. llama.cpp does not need it.`,
        fix: 'Install a build with CUDA, if Python is to use the GPU.',
        commands: [install],
      };
    }
    const own = formatCudaVersion(cuda);
    if (cuda.major > cudaVersion.major) {
      return {
        status: 'warn',
        summary: `${name} is of CUDA ${own}, too new for a driver of CUDA ${formatCudaVersion(cudaVersion)}. llama.cpp does not need it.`,
        fix: "Install a build for the driver's CUDA, if Python is to use the GPU.",
        commands: [install],
      };
    }
    // Wheels of 12.8 and later leave out what toolkit 13 dropped: Kaggle/docker-python #1546.
    const dropped = devices.find(
      ({ gpu }) => gpu.capability < 70 && (cuda.major >= 13 || cuda.minor >= 8),
    );
    if (dropped !== undefined && cuda.major >= 12) {
      return {
        status: 'warn',
        summary: `${name} (CUDA ${own}) has no code for ${describeGpu(dropped.gpu)}: error 209. llama.cpp does not need it.`,
        fix: 'Install a build for CUDA 12.6, if Python is to use the GPU.',
        commands: [
          'pip install --force-reinstall torch --index-url https://download.pytorch.org/whl/cu126',
        ],
      };
    }
    return { status: 'ok', summary: `${name}, of CUDA ${own}, fits the driver.` };
  },
};
