import { execFile } from 'node:child_process';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { createTemporaryDirectory } from '../support/temporary-directory.ts';
import { testStore } from '../support/test-store.ts';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../..', import.meta.url));

const program = `
import { InferenceEngine } from 'llcuda';
const engine = await InferenceEngine.load('smollm2-135m', { gpu: 'off' });
const { text } = await engine.infer('What is the capital of France?');
console.log(text);
await engine.dispose();
`;

describe('the published package', () => {
  it(
    'installs without scripts, runs as a command, and answers as a library',
    { timeout: 300_000 },
    async () => {
      await using directory = await createTemporaryDirectory();
      const env = { ...process.env, LLCUDA_HOME: testStore };
      const options = { cwd: directory.path, env };
      await run('npm', ['pack', '--ignore-scripts', '--pack-destination', directory.path], {
        cwd: root,
      });
      const tarball = (await readdir(directory.path)).find((name) => name.endsWith('.tgz'));
      await writeFile(join(directory.path, 'package.json'), '{"type":"module","private":true}');
      await writeFile(join(directory.path, 'program.mjs'), program);

      await run(
        'npm',
        ['install', '--ignore-scripts', '--no-audit', '--no-fund', tarball ?? ''],
        options,
      );
      const models = await run('npx', ['llcuda', 'models', '--json'], options);
      const answer = await run(process.execPath, ['program.mjs'], options);

      expect(JSON.parse(models.stdout).models.length).toBeGreaterThan(30);
      expect(answer.stdout).toContain('Paris');
      const installed = await readdir(join(directory.path, 'node_modules', 'llcuda'));
      expect(installed.toSorted()).toEqual([
        'CHANGELOG.md',
        'LICENSE',
        'README.md',
        'data',
        'dist',
        'docs',
        'package.json',
      ]);
    },
  );
});
