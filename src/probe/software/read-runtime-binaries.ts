import { dirname, isAbsolute, join } from 'node:path';
import type { BinaryEvidence } from '../../host/binary-evidence.ts';
import type { Host } from '../../host/host.ts';
import type { RuntimeBinary } from '../facts/runtime-facts.ts';
import { findOnLoaderPath, type LoaderPath } from '../libraries/loader-path.ts';

/** `libggml-cuda.so`, `libllama.so.0.0.6869`, `ggml-cuda.dll`, `libmtmd.so`. */
const LIBRARY = /^(?:lib)?(?:ggml|llama|mtmd)[\w-]*\.(?:so(?:\.[\d.]+)?|dll)$/;
const BINARY_LIMIT = 32;

/** Reads llama-server and the libraries of llama.cpp beside it: GPU code, needed libraries, and which are missing. */
export async function readRuntimeBinaries(
  host: Host,
  serverPath: string,
  loader: LoaderPath,
): Promise<readonly RuntimeBinary[]> {
  const folders = [dirname(serverPath), join(dirname(dirname(serverPath)), 'lib')];
  const lists = await Promise.all(folders.map(async (folder) => host.list(folder)));
  const files = folders.flatMap((folder, at) =>
    (lists[at] ?? []).filter((name) => LIBRARY.test(name)).map((name) => join(folder, name)),
  );
  const entries = await Promise.all(files.map(async (path) => host.findEntry(path)));
  // libggml.so, libggml.so.0 and libggml.so.0.9.4 are one file.
  const real = new Set(entries.flatMap((entry) => (entry?.kind === 'file' ? entry.realPath : [])));
  const paths = [serverPath, ...real].slice(0, BINARY_LIMIT);
  const own = new Set(lists.flat());
  return Promise.all(
    paths.map(async (path) => {
      const { evidence, problem } = await host.readBinary(path);
      const missingLibraries =
        evidence === undefined
          ? []
          : await findMissingLibraries(host, { path, evidence, own, loader });
      return { path, evidence, problem, missingLibraries };
    }),
  );
}

interface Needs {
  readonly path: string;
  readonly evidence: BinaryEvidence;
  /** Names of files beside it: what llama-server loaded before it is found by its soname. */
  readonly own: ReadonlySet<string>;
  readonly loader: LoaderPath;
}

async function findMissingLibraries(
  host: Host,
  { path, evidence, own, loader }: Needs,
): Promise<readonly string[]> {
  if (!loader.isKnown) return [];
  const { needed, runpath, rpath } = evidence.libraries;
  const folders = [...rpath, ...runpath]
    .map((folder) => folder.replace(/\$(?:ORIGIN|\{ORIGIN\})/, dirname(path)))
    .filter((folder) => isAbsolute(folder));
  const lists = await Promise.all(folders.map(async (folder) => host.list(folder)));
  const names = new Set(lists.flat());
  return needed.filter((soname) => {
    // The loader itself is in no cache.
    const isFound = own.has(soname) || names.has(soname) || /^ld-(?:linux|musl)/.test(soname);
    return !isFound && findOnLoaderPath(loader, soname).length === 0;
  });
}
