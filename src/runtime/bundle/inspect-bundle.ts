import { join, relative, sep } from 'node:path';
import { createCompatCode } from '../../compat/create-compat-code.ts';
import { matchToolkit } from '../../compat/match-toolkit.ts';
import { LlcudaError } from '../../errors/llcuda-error.ts';
import { describeError } from '../../errors/describe-error.ts';
import type { GpuCode } from '../../fatbin/gpu-code.ts';
import { visitBinaries } from '../../inspect/visit-binaries.ts';
import type { BundleSystem, GpuFile } from './bundle-manifest.ts';
import { createGpuSummary } from './gpu-summary.ts';
import { comparePaths } from './list-bundle-paths.ts';

/** What the inspector finds in one binary of a bundle. */
export interface BundleBinary {
  /** With `/`, relative to the folder. */
  readonly path: string;
  readonly system: BundleSystem;
  readonly architecture: GpuCode['architecture'];
  readonly libraries: GpuCode['libraries'];
  /** As `12.4`, or `12.5 or 12.6`. */
  readonly toolkit: string | undefined;
  /** `undefined` without GPU code. */
  readonly gpu: GpuFile | undefined;
}

/** Reads every binary below a folder, links not counted twice. Throws `BUNDLE_INVALID` for one that cannot be read. */
export async function inspectBundle(
  folder: string,
  options: { readonly signal?: AbortSignal | undefined } = {},
): Promise<readonly BundleBinary[]> {
  const found: BundleBinary[] = [];
  await visitBinaries(folder, options, async ({ path: fullPath, code, error }) => {
    const path = relative(folder, join(fullPath)).split(sep).join('/');
    if (code === undefined) throw unreadable(folder, path, error);
    if (code.format === 'elf' || code.format === 'pe') found.push(describe(path, code));
  });
  return found.sort((left, right) => comparePaths(left.path, right.path));
}

function describe(path: string, code: GpuCode): BundleBinary {
  const summary = createGpuSummary(createCompatCode(code));
  return {
    path,
    system: code.format === 'pe' ? 'windows' : 'linux',
    architecture: code.architecture,
    libraries: code.libraries,
    toolkit: summary.fatbins.length > 0 ? matchToolkit(code.toolkit)?.name : undefined,
    gpu: summary.fatbins.length > 0 ? { path, ...summary } : undefined,
  };
}

function unreadable(folder: string, path: string, cause: unknown): LlcudaError {
  const reason = describeError(cause).message;
  return new LlcudaError('BUNDLE_INVALID', `${path} in ${folder} cannot be read: ${reason}`, {
    detail: { path: folder, problems: [{ path, reason }] },
    hint: 'Build or fetch the file again.',
    cause,
  });
}
