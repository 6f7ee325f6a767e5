import { execFile } from 'node:child_process';
import { cp, mkdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { createTemporaryDirectory } from './support/temporary-directory.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Runs the layer rules on a copy of src/ with one more file; gives the rules it broke. */
async function cruiseWith(path: string, source: string): Promise<readonly string[]> {
  await using copy = await createTemporaryDirectory();
  for (const name of ['src', 'tsconfig.json', '.dependency-cruiser.mjs', 'package.json']) {
    await cp(join(root, name), join(copy.path, name), { recursive: true });
  }
  await symlink(join(root, 'node_modules'), join(copy.path, 'node_modules'));
  await mkdir(dirname(join(copy.path, path)), { recursive: true });
  await writeFile(join(copy.path, path), source);
  const cruise = join(root, 'node_modules', 'dependency-cruiser', 'bin', 'dependency-cruise.mjs');
  const args = [cruise, 'src', '--config', '.dependency-cruiser.mjs', '--output-type', 'json'];
  // It ends with the number of violations as its exit code, and prints them all the same.
  const { stdout } = await promisify(execFile)(process.execPath, args, {
    cwd: copy.path,
    maxBuffer: 100_000_000,
  }).catch((error: unknown) => error as { stdout: string });
  const { summary } = JSON.parse(stdout);
  return summary.violations.map(({ rule }: { rule: { name: string } }) => rule.name);
}

describe('the layer rules', () => {
  it('find nothing in the tree as it is', async () => {
    await expect(
      cruiseWith('src/errors/planted.ts', 'export const planted = 1;\n'),
    ).resolves.toEqual([]);
  });

  it.each([
    {
      path: 'src/net/planted.ts',
      source: "export { runCli } from '../cli/run-cli.ts';\n",
      rule: 'layer-2-imports-only-down',
    },
    {
      path: 'src/errors/planted.ts',
      source: "export { pullModel } from '../model/pull-model.ts';\n",
      rule: 'layer-0-imports-only-down',
    },
    {
      path: 'src/units/planted.ts',
      source: "export { readFile } from 'node:fs/promises';\n",
      rule: 'pure-layers-import-no-platform',
    },
    {
      path: 'src/units/planted.ts',
      source: "export * as v from 'valibot';\n",
      rule: 'pure-layers-import-no-platform',
    },
    {
      path: 'src/helpers/planted.ts',
      source: "export { LlcudaError } from '../errors/llcuda-error.ts';\n",
      rule: 'every-folder-has-a-layer',
    },
    {
      path: 'src/model/planted.ts',
      source: "export { pullModel } from '../index.ts';\n",
      rule: 'only-the-index-is-public',
    },
    {
      // Reached from src/cuda.ts over other files.
      path: 'src/compat/find-gpu.ts',
      source: "export { findFiles } from '../files/find-files.ts';\n",
      rule: 'the-browser-part-is-pure',
    },
    {
      path: 'src/cuda.ts',
      source: "export { findNvidiaGpus } from './probe/find-nvidia-gpus.ts';\n",
      rule: 'the-browser-part-is-pure',
    },
    {
      path: 'src/cuda.ts',
      source: "export { readFile } from 'node:fs/promises';\n",
      rule: 'the-browser-part-is-pure',
    },
  ])('report $rule for $path', async ({ path, source, rule }) => {
    await expect(cruiseWith(path, source)).resolves.toContain(rule);
  });
});
