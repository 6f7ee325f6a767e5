import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createNodeHost } from '../../src/host/create-node-host.ts';
import { isAlive, waitUntil } from '../support/embedded.ts';
import { createTemporaryDirectory } from '../support/temporary-directory.ts';

const node = process.execPath;
const hostModule = new URL('../../dist/host/create-node-host.js', import.meta.url).href;

describe('createNodeHost', () => {
  it('reads files and folders, and finds nothing where there is nothing', async () => {
    await using directory = await createTemporaryDirectory();
    const host = createNodeHost();
    await writeFile(join(directory.path, 'b'), 'text');
    await mkdir(join(directory.path, 'a'));

    await expect(host.readText(join(directory.path, 'b'))).resolves.toBe('text');
    await expect(host.readText(join(directory.path, 'c'))).resolves.toBeUndefined();
    await expect(host.readText(directory.path)).resolves.toBeUndefined();
    await expect(host.list(directory.path)).resolves.toEqual(['a', 'b']);
    await expect(host.list(join(directory.path, 'c'))).resolves.toEqual([]);
  });

  it('gives what a program printed and how it ended', async () => {
    const script = 'console.log("out"); console.error("err"); process.exitCode = 3';

    await expect(createNodeHost().run(node, ['-e', script])).resolves.toEqual({
      exitCode: 3,
      isInstalled: true,
      stdout: 'out\n',
      stderr: 'err\n',
    });
  });

  it('says that a program is not installed', async () => {
    await expect(createNodeHost().run('llcuda-no-such-program', [])).resolves.toMatchObject({
      exitCode: undefined,
      isInstalled: false,
    });
  });

  it('gives a program exactly the environment and folder asked for', async () => {
    await using directory = await createTemporaryDirectory();
    const script = 'console.log(process.cwd(), process.env.HOME, process.env.LLCUDA_X)';
    const options = { env: { LLCUDA_X: 'x' }, workingDirectory: directory.path };

    const { stdout } = await createNodeHost().run(node, ['-e', script], options);

    expect(stdout).toBe(`${directory.path} undefined x\n`);
  });

  it('kills a program at its time limit', async () => {
    const endless = ['-e', 'setInterval(() => {}, 1000)'];

    await expect(createNodeHost().run(node, endless, { timeoutMs: 200 })).resolves.toMatchObject({
      exitCode: undefined,
      isInstalled: true,
    });
  });

  it('ends a supervised program and its children when this process is killed', async () => {
    const program = `
      const { spawn } = require('node:child_process');
      const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
      require('node:fs').writeFileSync(process.argv[1], process.pid + ' ' + child.pid);
      setInterval(() => {}, 1000);`;
    await using directory = await createTemporaryDirectory();
    const pidFile = join(directory.path, 'pids');
    const script = `
      import { createNodeHost } from ${JSON.stringify(hostModule)};
      await createNodeHost().run(process.execPath, ['-e', ${JSON.stringify(program)}, ${JSON.stringify(pidFile)}], { endsWithParent: true });`;
    const parent = spawn(node, ['--input-type=module', '-e', script], { stdio: 'inherit' });
    const readPids = (): number[] =>
      existsSync(pidFile) ? readFileSync(pidFile, 'utf8').split(' ').map(Number) : [];
    await waitUntil(() => readPids().length === 2, 20_000);
    const pids = readPids();
    expect(pids.every(isAlive)).toBe(true);

    parent.kill('SIGKILL');

    await waitUntil(() => !pids.some(isAlive), 5_000);
  });

  it('gives the output and exit code of a supervised program, and says when there is none', async () => {
    const host = createNodeHost();
    const options = { endsWithParent: true };
    const script = 'console.log("out"); process.exitCode = 3';

    await expect(host.run(node, ['-e', script], options)).resolves.toMatchObject({
      exitCode: 3,
      stdout: 'out\n',
    });
    await expect(host.run('llcuda-no-such-program', [], options)).resolves.toMatchObject({
      exitCode: undefined,
      isInstalled: false,
    });
  });

  it('kills a program when the signal fires and rejects with its reason', async () => {
    const endless = ['-e', 'setInterval(() => {}, 1000)'];
    const signal = AbortSignal.timeout(200);

    await expect(createNodeHost().run(node, endless, { signal })).rejects.toMatchObject({
      name: 'TimeoutError',
    });
  });
});
