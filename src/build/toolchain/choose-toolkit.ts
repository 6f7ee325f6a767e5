import { join, resolve } from 'node:path';
import type { Host } from '../../host/host.ts';
import { compareCudaVersions } from '../../units/cuda-version.ts';
import { findToolkits, readToolkit } from './find-toolkits.ts';
import type { FoundToolkit } from './toolchain.ts';
import { toolchainError } from './toolchain-error.ts';

/** A toolkit, and all that there were to choose from. */
export interface ToolkitChoice {
  readonly toolkit: FoundToolkit;
  readonly toolkits: readonly FoundToolkit[];
}

/**
 * The toolkit to build with: the one that `--toolkit` names by version (`12.4`, `12`) or folder, else the first found.
 * Throws `TOOLCHAIN_UNUSABLE` when there is none.
 */
export async function chooseToolkit(
  host: Host,
  options: {
    readonly toolkit?: string | undefined;
    readonly signal?: AbortSignal | undefined;
  } = {},
): Promise<ToolkitChoice> {
  const { toolkit: asked, signal } = options;
  if (asked?.includes('/') === true) return takeFolder(host, asked, signal);
  const toolkits = await findToolkits(host, { signal });
  const [first] = toolkits;
  if (first === undefined) throw missing();
  if (asked === undefined) return { toolkit: first, toolkits };
  const matching = toolkits
    .filter(({ release }) => release === asked || release.startsWith(`${asked}.`))
    .sort((left, right) => compareCudaVersions(right.version, left.version));
  const [best] = matching;
  if (best !== undefined) return { toolkit: best, toolkits };
  const names = toolkits.map(({ release, root }) => `${release} (${root})`).join(', ');
  throw toolchainError(
    `No CUDA toolkit ${asked} was found`,
    { tool: 'nvcc', problem: 'missing', required: asked, found: names },
    `Use one of these, or install it: ${names}.`,
  );
}

async function takeFolder(
  host: Host,
  folder: string,
  signal: AbortSignal | undefined,
): Promise<ToolkitChoice> {
  const root = resolve(host.workingDirectory, folder);
  const toolkit = await readToolkit(host, join(root, 'bin', 'nvcc'), { signal });
  if (toolkit !== undefined) return { toolkit, toolkits: [toolkit] };
  throw toolchainError(
    `${root} holds no CUDA toolkit: its bin/nvcc does not answer`,
    { tool: 'nvcc', problem: 'missing', required: root },
    'Name the folder that holds bin/nvcc, or a version such as `12.4`.',
  );
}

function missing(): Error {
  return toolchainError(
    'No CUDA toolkit was found: no nvcc answers',
    { tool: 'nvcc', problem: 'missing' },
    'Install one (Debian: `apt install nvidia-cuda-toolkit`; Colab has it), name its folder with --toolkit, or use `--backend cpu`.',
  );
}
