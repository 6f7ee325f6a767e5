import { join } from 'node:path';
import { findFileSize } from '../files/find-file-size.ts';
import { sourceError } from './source/source-error.ts';

/** Where llama.cpp has had them; `main` is the older name of the folder of llama-cli. */
const FOLDERS: Readonly<Record<string, readonly string[]>> = {
  'llama-server': ['tools/server', 'examples/server'],
  'llama-cli': ['tools/cli', 'tools/main', 'examples/main'],
  'llama-bench': ['tools/llama-bench', 'examples/llama-bench'],
};

/** Those of the programs that a source can build. Throws `BUILD_SOURCE_INVALID` where the first is missing. */
export async function findPrograms(
  programs: readonly string[],
  source: { readonly directory: string; readonly name: string },
): Promise<readonly string[]> {
  const found: string[] = [];
  for (const program of programs) {
    const files = (FOLDERS[program] ?? []).map((folder) =>
      join(source.directory, folder, 'CMakeLists.txt'),
    );
    const sizes = await Promise.all(files.map(async (file) => findFileSize(file)));
    if (sizes.some((size) => size !== undefined)) found.push(program);
  }
  const [first] = programs;
  if (first !== undefined && found[0] !== first) {
    throw sourceError(source.name, `it has no ${first}`);
  }
  return found;
}
