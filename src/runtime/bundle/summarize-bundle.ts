import { compareVersions } from '../../units/compare-versions.ts';
import type { BundleSummary } from './bundle-manifest.ts';
import type { BundleBinary } from './inspect-bundle.ts';
import { comparePaths } from './list-bundle-paths.ts';

/** Names of the program that makes a folder a runtime. */
export const serverPrograms: readonly string[] = ['bin/llama-server', 'bin/llama-server.exe'];

export interface FoundSummary extends Omit<BundleSummary, 'llamaCpp'> {
  readonly provided: readonly string[];
}

/** What the binaries of a bundle say of it. `undefined` without a llama-server for a system that llcuda knows. */
export function summarizeBundle(binaries: readonly BundleBinary[]): FoundSummary | undefined {
  const server = binaries.find(({ path }) => serverPrograms.includes(path));
  if (server?.architecture === undefined) return undefined;
  const provided = listProvided(binaries);
  const needed = binaries.flatMap(({ libraries }) => libraries.needed);
  const gpu = binaries.flatMap((binary) => binary.gpu ?? []);
  const glibc = highest(binaries.map(({ libraries }) => libraries.glibc));
  const glibcxx = highest(binaries.map(({ libraries }) => libraries.glibcxx));
  return {
    os: server.system,
    arch: server.architecture === 'x86-64' ? 'x64' : 'arm64',
    backend: gpu.length > 0 ? 'cuda' : 'cpu',
    gpu,
    needed: [...new Set(needed)].filter((name) => !provided.includes(name)).sort(comparePaths),
    provided,
    requires: {
      ...(glibc !== undefined && { glibc }),
      ...(glibcxx !== undefined && { glibcxx }),
    },
  };
}

/** Sonames, and for DLLs and libraries without one the names of the files. */
function listProvided(binaries: readonly BundleBinary[]): readonly string[] {
  const names = binaries.flatMap(({ path, libraries }) => {
    const name = path.slice(path.lastIndexOf('/') + 1);
    const isLibrary = /\.so(?:\.|$)|\.dll$/i.test(name);
    return isLibrary ? [libraries.soname ?? name] : [];
  });
  return [...new Set(names)].sort(comparePaths);
}

function highest(versions: readonly (string | undefined)[]): string | undefined {
  return versions
    .filter((version) => version !== undefined)
    .toSorted(compareVersions)
    .at(-1);
}
