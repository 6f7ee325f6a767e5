import type { GpuCode } from '../fatbin/gpu-code.ts';
import type { CompatCode } from './compat-image.ts';
import { findRuntimeMajor } from './find-runtime-major.ts';
import { matchToolkit } from './match-toolkit.ts';

/**
 * What the rules need of a file that was read. The CUDA runtime is that of the libraries it needs; where those name none
 * but nvcc registered the GPU code (`.nv_fatbin`), the runtime is linked in, and of the toolkit that built the file.
 */
export function createCompatCode(
  code: Pick<GpuCode, 'fatbins' | 'libraries' | 'toolkit'>,
): CompatCode {
  const { fatbins, libraries } = code;
  const isRegistered = fatbins.some(({ section }) => section?.startsWith('.nv_fatb') ?? false);
  const toolkit = isRegistered ? matchToolkit(code.toolkit)?.toolkits.at(-1) : undefined;
  const neededLibraries = [...libraries.needed, ...libraries.delayLoaded];
  return { fatbins, runtimeMajor: findRuntimeMajor({ neededLibraries, toolkit }) };
}
