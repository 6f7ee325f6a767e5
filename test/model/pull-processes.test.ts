import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { RequestListener } from 'node:http';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { findFileSize } from '../../src/files/find-file-size.ts';
import { rangeStart } from '../support/download-site.ts';
import { ggufBytes, sha256Of } from '../support/gguf-bytes.ts';
import { runLlcuda, startLlcuda, type LlcudaOptions } from '../support/run-llcuda.ts';
import { closedUrl, serveHub, type LoopbackHub } from '../support/serve-hub.ts';
import { sendFile } from '../support/serve.ts';
import { createTemporaryDirectory } from '../support/temporary-directory.ts';

const reference = 'hf:owner/repo:tiny.gguf';
const content = ggufBytes(400_000);
const firstBytes = 250_000;

/** Sends a part of the file to the first who asks, and then nothing; all of it to the others. */
function stallOnce(): RequestListener {
  let isFirst = true;
  return (request, response) => {
    if (!isFirst) {
      sendFile(content)(request, response);
      return;
    }
    isFirst = false;
    response.writeHead(200, { 'content-length': content.length });
    response.write(content.subarray(0, firstBytes));
  };
}

function optionsFor(store: string, hub: Pick<LoopbackHub, 'url'>): LlcudaOptions {
  return { env: { LLCUDA_HOME: store, HF_ENDPOINT: hub.url, no_proxy: '127.0.0.1' } };
}

function pathIn(store: string): string {
  return join(store, 'models', sha256Of(content), 'tiny.gguf');
}

async function waitForPartial(path: string): Promise<void> {
  while ((await findFileSize(`${path}.partial`)) !== firstBytes) await sleep(10);
}

describe('llcuda pull', () => {
  it('prints the path of the file', async () => {
    await using store = await createTemporaryDirectory();
    await using hub = await serveHub(content);

    const result = await runLlcuda(['pull', reference], optionsFor(store.path, hub));

    expect(result).toMatchObject({ exitCode: 0, stdout: `${pathIn(store.path)}\n` });
    expect(sha256Of(await readFile(pathIn(store.path)))).toBe(sha256Of(content));
  });

  it('fetches once when two ask for the same at once', async () => {
    await using store = await createTemporaryDirectory();
    let sendTheRest = (): void => undefined;
    await using hub = await serveHub(content, (_request, response) => {
      response.writeHead(200, { 'content-length': content.length });
      response.write(content.subarray(0, firstBytes));
      sendTheRest = () => void response.end(content.subarray(firstBytes));
    });
    const first = startLlcuda(['pull', '--json', reference], optionsFor(store.path, hub));
    await waitForPartial(pathIn(store.path));

    const second = startLlcuda(['pull', '--json', reference], optionsFor(store.path, hub));
    await second.waitFor('Another llcuda is fetching tiny.gguf');
    sendTheRest();
    const results = await Promise.all([first.exited, second.exited]);

    expect(results.map(({ exitCode }) => exitCode)).toEqual([0, 0]);
    expect(results.map(({ stdout }) => JSON.parse(stdout) as unknown)).toEqual([
      { name: 'tiny.gguf', path: pathIn(store.path), wasPresent: false },
      { name: 'tiny.gguf', path: pathIn(store.path), wasPresent: true },
    ]);
    expect(hub.storageRequests).toHaveLength(1);
  });

  it('goes on where a killed one stopped', async () => {
    await using store = await createTemporaryDirectory();
    await using hub = await serveHub(content, stallOnce());
    const first = startLlcuda(['pull', reference], optionsFor(store.path, hub));
    await waitForPartial(pathIn(store.path));
    first.child.kill('SIGKILL');
    await first.exited;

    const second = await runLlcuda(['pull', reference], optionsFor(store.path, hub));

    expect(second.exitCode).toBe(0);
    expect(hub.storageRequests.map(rangeStart)).toEqual([0, firstBytes]);
    expect(sha256Of(await readFile(pathIn(store.path)))).toBe(sha256Of(content));
    expect(existsSync(`${pathIn(store.path)}.partial`)).toBe(false);
  });

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('ends at %s with %d, and the next one goes on at once', async (signal, exitCode) => {
    await using store = await createTemporaryDirectory();
    await using hub = await serveHub(content, stallOnce());
    const first = startLlcuda(['pull', reference], optionsFor(store.path, hub));
    await waitForPartial(pathIn(store.path));
    first.child.kill(signal);
    const interrupted = await first.exited;

    const second = await runLlcuda(['pull', reference], optionsFor(store.path, hub));

    expect(interrupted).toMatchObject({ exitCode, stdout: '' });
    expect(second).toMatchObject({ exitCode: 0, stdout: `${pathIn(store.path)}\n` });
    expect(second.stderr).not.toContain('Another llcuda');
    expect(hub.storageRequests.map(rangeStart)).toEqual([0, firstBytes]);
  });

  it('hands over to the one that waits when it is interrupted', async () => {
    await using store = await createTemporaryDirectory();
    await using hub = await serveHub(content, stallOnce());
    const first = startLlcuda(['pull', reference], optionsFor(store.path, hub));
    await waitForPartial(pathIn(store.path));
    const second = startLlcuda(['pull', reference], optionsFor(store.path, hub));
    await second.waitFor('Another llcuda');

    first.child.kill('SIGINT');
    const result = await second.exited;

    expect(result.exitCode).toBe(0);
    expect(hub.storageRequests.map(rangeStart)).toEqual([0, firstBytes]);
  });

  it('stops waiting for another one at SIGINT', async () => {
    await using store = await createTemporaryDirectory();
    await using hub = await serveHub(content, stallOnce());
    const first = startLlcuda(['pull', reference], optionsFor(store.path, hub));
    await waitForPartial(pathIn(store.path));
    const second = startLlcuda(['pull', reference], optionsFor(store.path, hub));
    await second.waitFor('Another llcuda');

    second.child.kill('SIGINT');
    const result = await second.exited;
    first.child.kill('SIGINT');
    await first.exited;

    expect(result.exitCode).toBe(130);
  });

  it('prints one JSON document when it fails, and exits with the code of the failure', async () => {
    await using store = await createTemporaryDirectory();

    const result = await runLlcuda(
      ['pull', '--json', reference],
      optionsFor(store.path, { url: closedUrl }),
    );

    expect(result.exitCode).toBe(75);
    expect(JSON.parse(result.stdout)).toMatchObject({
      error: { code: 'DOWNLOAD_UNREACHABLE', detail: { reason: 'ECONNREFUSED' } },
    });
  });
});
