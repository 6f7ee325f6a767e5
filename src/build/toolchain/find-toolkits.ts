import { dirname, join } from 'node:path';
import type { Host } from '../../host/host.ts';
import { compareCudaVersions, parseCudaVersion } from '../../units/cuda-version.ts';
import type { FoundToolkit } from './toolchain.ts';

const NVCC_TIMEOUT_MS = 20_000;

/**
 * Every CUDA toolkit of a machine that has an nvcc which answers: of PATH, CUDA_HOME, CUDA_PATH, CUDACXX,
 * /usr/local/cuda*, /opt/cuda and Debian's place, each release once, in this order. Never throws, other than when the
 * signal fires.
 */
export async function findToolkits(
  host: Host,
  options: { readonly signal?: AbortSignal | undefined } = {},
): Promise<readonly FoundToolkit[]> {
  const found = new Map<string, FoundToolkit>();
  for (const folder of await listCandidates(host)) {
    if (!(await host.list(folder)).includes('nvcc')) continue;
    const toolkit = await readToolkit(host, join(folder, 'nvcc'), options);
    // /usr/local/cuda is a link to one of its neighbours: the first name stays.
    if (toolkit !== undefined && !found.has(toolkit.release)) found.set(toolkit.release, toolkit);
  }
  return [...found.values()];
}

/** Asks an nvcc for its version. `undefined`: it is not there, or does not answer. */
export async function readToolkit(
  host: Host,
  nvcc: string,
  { signal }: { readonly signal?: AbortSignal | undefined },
): Promise<FoundToolkit | undefined> {
  const result = await host.run(nvcc, ['--version'], { timeoutMs: NVCC_TIMEOUT_MS, signal });
  const release = /release \d+\.\d+, V(\d+\.\d+\.\d+)/.exec(result.stdout)?.[1];
  const version = release === undefined ? undefined : parseCudaVersion(release);
  if (release === undefined || version === undefined) return undefined;
  return { root: dirname(dirname(nvcc)), nvcc, version, release };
}

async function listCandidates(host: Host): Promise<readonly string[]> {
  const { PATH = '', CUDA_HOME, CUDA_PATH, CUDACXX } = host.env;
  const local = (await host.list('/usr/local'))
    .filter((name) => /^cuda(?:-[\d.]+)?$/.test(name))
    .sort((left, right) => compareNames(right, left));
  const folders = [
    ...(CUDACXX?.startsWith('/') === true ? [dirname(CUDACXX)] : []),
    ...[CUDA_HOME, CUDA_PATH].flatMap((root) => (root ? [join(root, 'bin')] : [])),
    ...PATH.split(':').filter((folder) => folder.startsWith('/')),
    '/usr/local/cuda/bin',
    ...local.map((name) => `/usr/local/${name}/bin`),
    '/opt/cuda/bin',
    '/usr/lib/nvidia-cuda-toolkit/bin',
  ];
  return [...new Set(folders)];
}

/** `cuda-12.10` is newer than `cuda-12.9`. */
function compareNames(left: string, right: string): number {
  const none = { major: 0, minor: 0 };
  return compareCudaVersions(
    parseCudaVersion(left.slice(5)) ?? none,
    parseCudaVersion(right.slice(5)) ?? none,
  );
}
