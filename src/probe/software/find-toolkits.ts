import { isAbsolute } from 'node:path';
import { dirname } from 'node:path/posix';
import type { Host } from '../../host/host.ts';
import { parseCudaVersion } from '../../units/cuda-version.ts';
import { askProgram, type AskOptions } from '../ask-program.ts';
import type { HostToolkit, ToolkitClue } from '../facts/toolkit-facts.ts';
import { findProgram } from './find-program.ts';
import { parseNvccVersion } from './parse-tool-version.ts';
import { parseToolkitVersion } from './parse-toolkit-version.ts';

interface Candidate {
  readonly root: string;
  readonly clue: ToolkitClue;
}

const DEBIAN_ROOT = '/usr/lib/nvidia-cuda-toolkit';
/** Found once each, however many names lead there. */
const TOOLKIT_LIMIT = 16;

/** Every CUDA toolkit that PATH, the environment, the usual folders or Python's wheels lead to. */
export async function findToolkits(
  host: Host,
  options: AskOptions & { readonly pythonFolders?: readonly string[] } = {},
): Promise<readonly HostToolkit[]> {
  const nvcc = await findProgram(host, 'nvcc');
  const nvccFile = nvcc === undefined ? undefined : (await host.findEntry(nvcc))?.realPath;
  const candidates = [
    ...(nvccFile === undefined
      ? []
      : [{ root: findRoot(nvccFile), clue: 'nvcc-on-path' as const }]),
    ...(await listCandidates(host, options.pythonFolders ?? [])),
  ];
  const byRoot = new Map<string, ToolkitClue[]>();
  for (const { root, clue } of candidates) {
    const realRoot = (await host.findEntry(root))?.realPath;
    if (realRoot === undefined) continue;
    const clues = byRoot.get(realRoot);
    if (clues === undefined) byRoot.set(realRoot, [clue]);
    else if (!clues.includes(clue)) clues.push(clue);
  }
  const found = await Promise.all(
    [...byRoot]
      .slice(0, TOOLKIT_LIMIT)
      .map(async ([root, foundBy]) => describeToolkit(host, { root, foundBy }, options)),
  );
  return found.filter((toolkit) => toolkit !== undefined);
}

async function listCandidates(
  host: Host,
  pythonFolders: readonly string[],
): Promise<readonly Candidate[]> {
  const inLocal = (await host.list('/usr/local')).filter((name) =>
    /^cuda(?:-\d[\d.]{0,9})?$/.test(name),
  );
  const variables = (['CUDA_HOME', 'CUDA_PATH'] as const).flatMap((clue) => {
    const root = host.env[clue];
    return root === undefined || !isAbsolute(root)
      ? []
      : [{ root: root.replace(/[/\\]$/, ''), clue }];
  });
  const known = [...inLocal.map((name) => `/usr/local/${name}`), '/opt/cuda', DEBIAN_ROOT];
  const wheels = pythonFolders.filter((folder) => /\/(?:cu13|cuda_nvcc)$/.test(folder));
  return [
    ...variables,
    ...known.map((root) => ({ root, clue: 'known-folder' as const })),
    ...wheels.map((root) => ({ root, clue: 'python' as const })),
  ];
}

/** `/usr/local/cuda-12.5/bin/nvcc` is of `/usr/local/cuda-12.5`; Debian's `/usr/bin/nvcc` is a script of its own toolkit. */
function findRoot(nvccFile: string): string {
  const root = dirname(dirname(nvccFile));
  return root === '/usr' ? DEBIAN_ROOT : root;
}

interface FoundRoot {
  readonly root: string;
  readonly foundBy: readonly ToolkitClue[];
}

async function describeToolkit(
  host: Host,
  { root, foundBy }: FoundRoot,
  options: AskOptions,
): Promise<HostToolkit | undefined> {
  const names = await host.list(root);
  const executable = host.platform === 'win32' ? 'nvcc.exe' : 'nvcc';
  const compiler = `${root}/bin/${executable}`;
  const nvcc = (await host.findEntry(compiler)) === undefined ? undefined : compiler;
  const isToolkit = names.some((name) => /^(?:lib|lib64|targets|compat|include)$/.test(name));
  if (nvcc === undefined && !isToolkit) return undefined;
  const stated = await readStatedVersion(host, root, names);
  const asked =
    stated === undefined && nvcc !== undefined ? await askNvcc(host, nvcc, options) : undefined;
  // A part of it may be all that is there: a runtime image, a folder of one library.
  const named = /\/cuda-(\d{1,2}\.\d{1,2})$/.exec(root)?.[1];
  const fullVersion = stated ?? asked ?? named;
  return {
    root,
    kind: root === DEBIAN_ROOT ? 'debian' : foundBy.includes('python') ? 'python-wheel' : 'nvidia',
    foundBy,
    version: parseCudaVersion(fullVersion ?? ''),
    fullVersion,
    nvcc,
    isOnPath: foundBy.includes('nvcc-on-path'),
    source: stated !== undefined ? 'file' : asked !== undefined ? 'program' : 'file',
    confidence: stated !== undefined || asked !== undefined ? 'certain' : 'likely',
  };
}

async function readStatedVersion(
  host: Host,
  root: string,
  names: readonly string[],
): Promise<string | undefined> {
  for (const name of ['version.json', 'version.txt']) {
    if (!names.includes(name)) continue;
    const version = parseToolkitVersion((await host.readText(`${root}/${name}`)) ?? '');
    if (version !== undefined) return version;
  }
  return undefined;
}

async function askNvcc(host: Host, nvcc: string, options: AskOptions): Promise<string | undefined> {
  return parseNvccVersion((await askProgram(host, [nvcc, '--version'], options)).stdout);
}
