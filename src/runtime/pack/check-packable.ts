import { posix } from 'node:path';
import type { BundleBinary } from '../bundle/inspect-bundle.ts';
import { serverPrograms } from '../bundle/summarize-bundle.ts';
import type { PackProblem } from './pack-problem.ts';

const DRIVER_LIBRARY = /^(?:libcuda\.so|libnvidia-[\w-]+\.so|nvcuda\.dll)/i;

/**
 * What would keep the binaries of a staged folder from running on another machine: a part of the driver among them, a
 * RUNPATH that names folders of this machine or leaves the bundle, a library of the bundle that no RUNPATH leads to.
 */
export function checkPackable(binaries: readonly BundleBinary[]): readonly PackProblem[] {
  const folders = new Map<string, string[]>();
  for (const { path, libraries } of binaries) {
    const name = libraries.soname ?? posix.basename(path);
    folders.set(name, [...(folders.get(name) ?? []), posix.dirname(path)]);
  }
  const server = binaries.find(({ path }) => serverPrograms.includes(path));
  const serverFolders = server === undefined ? [] : resolveFolders(server);
  return binaries.flatMap((binary) => [
    ...checkDriver(binary),
    ...checkRunpath(binary),
    ...checkReach(binary, { folders, serverFolders }),
  ]);
}

function checkDriver({ path, libraries }: BundleBinary): readonly PackProblem[] {
  const name = libraries.soname ?? posix.basename(path);
  if (!DRIVER_LIBRARY.test(name) && !DRIVER_LIBRARY.test(posix.basename(path))) return [];
  const reason = "it is a part of NVIDIA's driver, which every machine has of its own";
  return [{ path, reason, fix: 'Remove it from the folder: a copy of it breaks other machines.' }];
}

function checkRunpath(binary: BundleBinary): readonly PackProblem[] {
  const { path } = binary;
  const fix = `Run \`patchelf --set-rpath '${relativeRunpath(path)}' ${path}\`, or build with -DCMAKE_BUILD_RPATH_USE_ORIGIN=ON or \`llcuda build\`.`;
  return searchPath(binary).flatMap((folder) => {
    if (!/^\$(?:ORIGIN|\{ORIGIN\})(?:\/|$)/.test(folder)) {
      const reason = `its RUNPATH names ${folder}, a folder of the machine that built it`;
      return [{ path, reason, fix }];
    }
    if (!resolveOrigin(path, folder).startsWith('..')) return [];
    return [{ path, reason: `its RUNPATH ${folder} leads out of the bundle`, fix }];
  });
}

interface Reach {
  /** By soname: the folders in the bundle that have it. */
  readonly folders: ReadonlyMap<string, readonly string[]>;
  /** What llama-server has loaded is there for all. */
  readonly serverFolders: readonly string[];
}

function checkReach(
  binary: BundleBinary,
  { folders, serverFolders }: Reach,
): readonly PackProblem[] {
  const { path, system, libraries } = binary;
  // Windows looks beside the program.
  if (system === 'windows') return [];
  const searched = new Set([...resolveFolders(binary), ...serverFolders]);
  return libraries.needed.flatMap((name) => {
    const holders = folders.get(name);
    if (holders === undefined || holders.some((holder) => searched.has(holder))) return [];
    const reason = `it needs ${name}, which is in ${holders[0]}/ of the bundle, and its RUNPATH does not lead there`;
    const fix = `Run \`patchelf --set-rpath '${relativeRunpath(path)}' ${path}\`, or put ${name} beside it.`;
    return [{ path, reason, fix }];
  });
}

function searchPath({ libraries }: BundleBinary): readonly string[] {
  return [...libraries.rpath, ...libraries.runpath];
}

function resolveFolders(binary: BundleBinary): readonly string[] {
  return searchPath(binary).map((folder) => resolveOrigin(binary.path, folder));
}

function resolveOrigin(path: string, folder: string): string {
  const inside = folder.replace(/^\$(?:ORIGIN|\{ORIGIN\})/, '.');
  return posix.join(posix.dirname(path), inside).replace(/\/$/, '');
}

function relativeRunpath(path: string): string {
  return path.startsWith('bin/') ? '$ORIGIN:$ORIGIN/../lib' : '$ORIGIN';
}
