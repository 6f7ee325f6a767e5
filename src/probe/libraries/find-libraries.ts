import type { Host } from '../../host/host.ts';
import type { LibraryCopy, LibraryFacts } from '../facts/library-facts.ts';
import { describeCopy } from './describe-copy.ts';
import { findOnLoaderPath, type LoaderPath } from './loader-path.ts';

/** What CUDA programs are linked to or open while they run. */
export const sonames: readonly string[] = [
  'libcuda.so.1',
  'libnvidia-ml.so.1',
  'libnvidia-ptxjitcompiler.so.1',
  'libnvidia-nvvm.so.4',
  'libcudart.so.11.0',
  'libcudart.so.12',
  'libcudart.so.13',
  'libcublas.so.11',
  'libcublas.so.12',
  'libcublas.so.13',
  'libcublasLt.so.11',
  'libcublasLt.so.12',
  'libcublasLt.so.13',
  'libnccl.so.2',
  'libstdc++.so.6',
  'libgomp.so.1',
];

/** Where drivers, toolkits and services keep them: facts of Debian, NVIDIA's images, Colab, GKE, WSL2, Jetson, NixOS. */
const knownFolders: readonly string[] = [
  '/usr/lib64-nvidia',
  '/usr/local/nvidia/lib64',
  '/usr/local/nvidia/lib',
  '/usr/lib/wsl/lib',
  '/usr/local/cuda/compat',
  '/usr/local/cuda/compat/lib.real',
  '/usr/local/cuda/lib64',
  '/usr/local/cuda/lib64/stubs',
  '/usr/local/cuda/targets/x86_64-linux/lib/stubs',
  '/usr/local/cuda/targets/x86_64-linux/lib',
  '/usr/local/cuda/targets/sbsa-linux/lib',
  '/usr/local/cuda/targets/aarch64-linux/lib',
  '/usr/lib/x86_64-linux-gnu/nvidia/current',
  '/usr/lib/aarch64-linux-gnu/nvidia',
  '/usr/lib/aarch64-linux-gnu/tegra',
  '/run/opengl-driver/lib',
];

export interface LibraryPlaces {
  readonly loader: LoaderPath;
  /** Folders of toolkits. */
  readonly toolkitRoots?: readonly string[];
  /** `.../site-packages/nvidia/*`. */
  readonly pythonFolders?: readonly string[];
}

type Place = LibraryCopy['place'];

/** Finds every copy of these libraries, and the one that the loader takes. */
export async function findLibraries(
  host: Host,
  wanted: readonly string[],
  places: LibraryPlaces,
): Promise<readonly LibraryFacts[]> {
  const { loader, toolkitRoots = [], pythonFolders = [] } = places;
  const others = await listFolders(host, [
    ...knownFolders.map((path) => ['known-folder', path] as const),
    ...toolkitRoots.flatMap((root) =>
      ['lib64', 'lib', 'lib64/stubs', 'compat', 'targets/x86_64-linux/lib'].map(
        (name) => ['toolkit', `${root}/${name}`] as const,
      ),
    ),
    ...pythonFolders.map((folder) => ['python-wheel', `${folder}/lib`] as const),
  ]);
  return Promise.all(
    wanted.map(async (soname) => {
      const candidates = [
        ...findOnLoaderPath(loader, soname),
        ...others.flatMap(({ path, place, names }) => {
          const name = findName(names, soname, path);
          return name === undefined ? [] : [{ path: `${path}/${name}`, place }];
        }),
      ];
      const copies = await describeCopies(host, soname, candidates);
      return { soname, copies, loaded: copies.find(({ isOnLoaderPath }) => isOnLoaderPath) };
    }),
  );
}

/** Toolkits have their stubs under the name for linking alone. Of the driver there is one, whatever the soname. */
function findName(names: ReadonlySet<string>, soname: string, folder: string): string | undefined {
  if (names.has(soname)) return soname;
  const isStub = soname === 'libcuda.so.1' && folder.endsWith('/stubs') && names.has('libcuda.so');
  return isStub ? 'libcuda.so' : undefined;
}

async function listFolders(
  host: Host,
  folders: readonly (readonly [Place, string])[],
): Promise<
  readonly { readonly path: string; readonly place: Place; readonly names: ReadonlySet<string> }[]
> {
  if (host.platform !== 'linux') return [];
  const unique = new Map<string, Place>();
  for (const [place, path] of folders) if (!unique.has(path)) unique.set(path, place);
  return Promise.all(
    [...unique].map(async ([path, place]) => ({
      path,
      place,
      names: new Set(await host.list(path)),
    })),
  );
}

/** One file under several names is one copy, at the first of its places. */
async function describeCopies(
  host: Host,
  soname: string,
  candidates: readonly Pick<LibraryCopy, 'path' | 'place'>[],
): Promise<readonly LibraryCopy[]> {
  const copies = await Promise.all(
    candidates
      .slice(0, 64)
      .map(async ({ path, place }) => describeCopy(host, { soname, path, place })),
  );
  const byFile = new Map<string, LibraryCopy>();
  for (const copy of copies) {
    if (copy === undefined) continue;
    const first = byFile.get(copy.realPath);
    const isNew = first !== undefined && copy.path !== first.path;
    const merged = isNew ? { ...first, alsoAt: [...first.alsoAt, copy.path] } : (first ?? copy);
    byFile.set(copy.realPath, merged);
  }
  return [...byFile.values()];
}
