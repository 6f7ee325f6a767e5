import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createNodeHost } from '../../src/host/create-node-host.ts';
import { createTemporaryDirectory } from '../support/temporary-directory.ts';

const node = process.execPath;

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

  it('kills a program when the signal fires and rejects with its reason', async () => {
    const endless = ['-e', 'setInterval(() => {}, 1000)'];
    const signal = AbortSignal.timeout(200);

    await expect(createNodeHost().run(node, endless, { signal })).rejects.toMatchObject({
      name: 'TimeoutError',
    });
  });
});
