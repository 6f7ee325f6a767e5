import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sourceError } from './source-error.ts';

export interface SourceTree {
  /** `v0.5.0`. */
  readonly version: string | undefined;
  readonly cmakeVersion: string;
}

/**
 * Looks at the cmake files of a tree: whether it is llama.cpp, which version, and which cmake it asks for. Throws
 * `BUILD_SOURCE_INVALID`.
 */
export async function readSourceTree(directory: string, name: string): Promise<SourceTree> {
  const root = await readText(join(directory, 'CMakeLists.txt'));
  if (root === undefined) throw sourceError(name, 'it has no CMakeLists.txt');
  if (!/project\s*\(\s*"?llama\.cpp"?/i.test(root)) {
    throw sourceError(name, 'its CMakeLists.txt is not that of llama.cpp');
  }
  const parts = ['ggml', 'ggml/src/ggml-cuda'].map((folder) => join(directory, folder));
  const texts = await Promise.all(parts.map((folder) => readText(join(folder, 'CMakeLists.txt'))));
  if (texts[0] === undefined) throw sourceError(name, 'its folder ggml is missing');
  const versions = [root, ...texts].flatMap(
    (text) => /cmake_minimum_required\s*\(\s*VERSION\s+(\d+\.\d+)/i.exec(text ?? '')?.[1] ?? [],
  );
  const [first = '3.14', ...others] = versions;
  return {
    version: parseVersion(root),
    cmakeVersion: others.reduce((best, next) => (isNewer(next, best) ? next : best), first),
  };
}

function parseVersion(text: string): string | undefined {
  const parts = ['MAJOR', 'MINOR', 'PATCH'].map(
    (part) => new RegExp(`set\\s*\\(\\s*LLAMA_VERSION_${part}\\s+(\\d+)`).exec(text)?.[1],
  );
  return parts.includes(undefined) ? undefined : `v${parts.join('.')}`;
}

function isNewer(left: string, right: string): boolean {
  const [[leftMajor = 0, leftMinor = 0], [rightMajor = 0, rightMinor = 0]] = [
    left.split('.').map(Number),
    right.split('.').map(Number),
  ];
  return leftMajor - rightMajor > 0 || (leftMajor === rightMajor && leftMinor > rightMinor);
}

async function readText(path: string): Promise<string | undefined> {
  return readFile(path, 'utf8').catch(() => undefined);
}
