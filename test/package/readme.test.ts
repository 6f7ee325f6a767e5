import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { createTemporaryDirectory } from '../support/temporary-directory.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const mainCommand = 'npm ci && npx . run "What is the capital of France?"';
const testCommand = 'npm ci && npm test';

describe('README.md', () => {
  it('shows the two commands on its first screen', async () => {
    const readme = await readFile(new URL('../../README.md', import.meta.url), 'utf8');
    const firstScreen = readme.split('\n').slice(0, 24).join('\n');

    expect(firstScreen).toContain(`\n${mainCommand}\n`);
    expect(firstScreen).toContain(`\n${testCommand}\n`);
  });

  it('has a main command that answers from an empty home', { timeout: 300_000 }, async () => {
    await using home = await createTemporaryDirectory();
    const { LLCUDA_HOME: _, XDG_CACHE_HOME: __, ...env } = process.env;
    // `npm ci` is what brought this checkout here; the rest of the command is run as it is written.
    const [, run = ''] = mainCommand.split(' && ');

    const { stdout, stderr } = await promisify(execFile)('sh', ['-c', run], {
      cwd: root,
      env: { ...env, HOME: home.path },
    });

    expect(stdout).toContain('Paris');
    expect(stderr).toContain('Installing the embedded runtime');
  });
});
