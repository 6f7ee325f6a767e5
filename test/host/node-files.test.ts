import { execFileSync } from 'node:child_process';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createNodeHost } from '../../src/host/create-node-host.ts';
import { createTemporaryDirectory } from '../support/temporary-directory.ts';

describe.skipIf(process.platform !== 'linux')('files of this disk', () => {
  it('are told apart: links, folders, pipes, what is not there', async () => {
    await using folder = await createTemporaryDirectory();
    const at = (name: string): string => join(folder.path, name);
    await mkdir(at('folder'));
    await writeFile(at('file'), 'text');
    await symlink(at('file'), at('link'));
    await symlink(at('nothing'), at('broken'));
    execFileSync('mkfifo', [at('pipe')]);
    const host = createNodeHost();

    await expect(host.findEntry(at('link'))).resolves.toMatchObject({ kind: 'file', sizeBytes: 4 });
    await expect(host.findEntry(at('folder'))).resolves.toMatchObject({ kind: 'folder' });
    await expect(host.findEntry(at('broken'))).resolves.toBeUndefined();
    await expect(host.readText(at('pipe'))).resolves.toBeUndefined();
    await expect(host.findFreeBytes(at('nothing'))).resolves.toBeUndefined();
    await expect(host.findFreeBytes(at('folder'))).resolves.toBeGreaterThan(0);
    await expect(host.readBinary(at('file'))).resolves.toMatchObject({
      problem: expect.stringMatching(/\w/),
    });
  });
});
