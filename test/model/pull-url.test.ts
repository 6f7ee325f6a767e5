import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { pullModel } from '../../src/model/pull-model.ts';
import { ggufBytes, sha256Of } from '../support/gguf-bytes.ts';
import { recordProgress } from '../support/record-progress.ts';
import { hostWithStore } from '../support/serve-hub.ts';
import { sendFile, serve } from '../support/serve.ts';
import { createTemporaryDirectory } from '../support/temporary-directory.ts';

describe('pullModel, of a URL', () => {
  it('fetches a pinned file without a word', async () => {
    await using store = await createTemporaryDirectory();
    const content = ggufBytes(1000);
    await using server = await serve(sendFile(content));
    const progress = recordProgress();

    const model = await pullModel(`${server.url}/a/tiny.gguf#sha256=${sha256Of(content)}`, {
      host: hostWithStore(store.path),
      onProgress: progress.onProgress,
    });

    expect(model).toMatchObject({ name: 'tiny.gguf', wasPresent: false });
    expect(model.path).toBe(join(store.path, 'models', sha256Of(content), 'tiny.gguf'));
    expect(await readFile(model.path)).toEqual(content);
    expect(progress.notices()).toEqual([]);
  });

  it('keeps nothing of a file with another hash', async () => {
    await using store = await createTemporaryDirectory();
    const [content, sha256] = [ggufBytes(1000), 'ab'.repeat(32)];
    await using server = await serve(sendFile(content));

    const pulling = pullModel(`${server.url}/tiny.gguf#sha256=${sha256}`, {
      host: hostWithStore(store.path),
    });

    await expect(pulling).rejects.toMatchObject({
      code: 'DOWNLOAD_MISMATCH',
      detail: { expectedSha256: sha256, actualSha256: sha256Of(content) },
    });
    expect(existsSync(join(store.path, 'models', sha256, 'tiny.gguf'))).toBe(false);
    expect(existsSync(join(store.path, 'models', sha256, 'tiny.gguf.partial'))).toBe(false);
  });

  it('tells the hash of a file that nothing pins', async () => {
    await using store = await createTemporaryDirectory();
    const content = ggufBytes(1000);
    await using server = await serve(sendFile(content));
    const progress = recordProgress();

    await pullModel(`${server.url}/tiny.gguf`, {
      host: hostWithStore(store.path),
      onProgress: progress.onProgress,
    });

    expect(progress.notices()).toEqual([
      expect.stringContaining(`${server.url}/tiny.gguf#sha256=${sha256Of(content)}`) as unknown,
    ]);
  });

  it('fetches a URL once, and another URL of the same name for itself', async () => {
    await using store = await createTemporaryDirectory();
    await using server = await serve((request, response) => {
      sendFile(ggufBytes(1000))(request, response);
    });
    const host = hostWithStore(store.path);
    const first = await pullModel(`${server.url}/tiny.gguf?v=1`, { host });

    const again = await pullModel(`${server.url}/tiny.gguf?v=1`, { host });
    const other = await pullModel(`${server.url}/tiny.gguf?v=2`, { host });

    expect(again).toEqual({ ...first, wasPresent: true });
    expect(other.wasPresent).toBe(false);
    expect(other.path).not.toBe(first.path);
    expect(basename(other.path)).toBe('tiny.gguf');
    expect(server.requests).toHaveLength(2);
  });

  it('refuses a file that is no GGUF, and fetches it again the next time', async () => {
    await using store = await createTemporaryDirectory();
    const content = ggufBytes(1000);
    await using server = await serve((request, response) => {
      if (server.requests.length === 1) response.end('<html>please log in</html>');
      else sendFile(content)(request, response);
    });
    const host = hostWithStore(store.path);

    const first = pullModel(`${server.url}/tiny.gguf`, { host });
    await expect(first).rejects.toMatchObject({ code: 'MODEL_FILE_INVALID' });
    const second = await pullModel(`${server.url}/tiny.gguf`, { host });

    expect(await readFile(second.path)).toEqual(content);
  });

  it('asks nobody for plain http on another machine', async () => {
    await using store = await createTemporaryDirectory();

    const pulling = pullModel('http://192.0.2.1/tiny.gguf', { host: hostWithStore(store.path) });

    await expect(pulling).rejects.toMatchObject({
      code: 'MODEL_REFERENCE_INVALID',
      detail: { reason: 'only https is fetched' },
    });
  });

  it('shortens a name that no disk takes', async () => {
    await using store = await createTemporaryDirectory();
    const content = ggufBytes(1000);
    await using server = await serve(sendFile(content));
    const url = `${server.url}/${'long'.repeat(100)}.gguf`;

    const model = await pullModel(url, { host: hostWithStore(store.path) });

    expect(model.name).toMatch(/long\.gguf$/);
    expect(await readFile(model.path)).toEqual(content);
  });
});
