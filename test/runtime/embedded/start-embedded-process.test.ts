import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { ChildMessage } from '../../../src/runtime/embedded/protocol.ts';
import {
  startEmbeddedProcess,
  type EmbeddedProcess,
} from '../../../src/runtime/embedded/start-embedded-process.ts';
import { createTestHost, findTestRuntime, isAlive, waitUntil } from '../../support/embedded.ts';
import { createTemporaryDirectory } from '../../support/temporary-directory.ts';
import { testModel } from '../../support/test-store.ts';
import { pullModel } from '../../../src/model/pull-model.ts';

const longAnswer = {
  type: 'generate',
  input: { text: 'Once upon a time' },
  sampling: { temperature: 0, topP: 1, topK: 0, minP: 0, seed: 1 },
  maxTokens: 2000,
  stop: [],
} as const;

async function startWithModel(): Promise<EmbeddedProcess> {
  const { directory } = await findTestRuntime();
  const { path } = await pullModel(testModel, { host: createTestHost() });
  const process = await startEmbeddedProcess({
    runtimeDirectory: directory,
    gpu: 'off',
    maxThreads: 2,
  });
  const load = { type: 'load', modelPath: path, contextTokens: 4096 } as const;
  for await (const message of process.request(load)) expect(message.type).toBe('loaded');
  return process;
}

describe('startEmbeddedProcess', () => {
  it('tells the release of llama.cpp and the device once its library is loaded', async () => {
    const { directory } = await findTestRuntime();

    await using process = await startEmbeddedProcess({
      runtimeDirectory: directory,
      gpu: 'off',
      maxThreads: 1,
    });

    expect(process.ready).toEqual({ type: 'ready', llamaCpp: 'v0.5.0', device: 'CPU' });
    expect(isAlive(process.pid)).toBe(true);
  });

  it('names a folder that holds no runtime', async () => {
    await using empty = await createTemporaryDirectory();

    await expect(
      startEmbeddedProcess({ runtimeDirectory: empty.path, gpu: 'off', maxThreads: 1 }),
    ).rejects.toMatchObject({ code: 'RUNTIME_BROKEN', detail: { runtime: empty.path } });
  });

  it('ends a start when the signal fires, and leaves no process behind', async () => {
    const { directory } = await findTestRuntime();
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 100);

    const start = startEmbeddedProcess({
      runtimeDirectory: directory,
      gpu: 'off',
      maxThreads: 1,
      signal: controller.signal,
    });

    await expect(start).rejects.toMatchObject({ name: 'AbortError' });
  });

  it('turns the death of the process into an error of the request at hand', async () => {
    await using process = await startWithModel();
    const seen: ChildMessage['type'][] = [];

    const reading = (async () => {
      for await (const message of process.request(longAnswer)) {
        seen.push(message.type);
        if (seen.length === 3) globalThis.process.kill(process.pid, 'SIGKILL');
      }
    })();

    await expect(reading).rejects.toMatchObject({
      code: 'RUNTIME_CRASHED',
      detail: { exitCode: null, signal: 'SIGKILL' },
    });
    expect(seen.slice(0, 3)).toEqual(['started', 'token', 'token']);
    await expect(process.request(longAnswer).next()).rejects.toMatchObject({
      code: 'RUNTIME_CRASHED',
    });
  });

  it('stops however often it is asked to', async () => {
    const process = await startWithModel();

    await Promise.all([process.stop(), process.stop()]);
    await process.stop();

    expect(isAlive(process.pid)).toBe(false);
  });

  it('ends within two seconds after its parent was killed, deep in synchronous work', async () => {
    const { directory } = await findTestRuntime();
    const { path } = await pullModel(testModel, { host: createTestHost() });
    const script = fileURLToPath(new URL('./parent-of-embedded.mjs', import.meta.url));
    // Megabytes of text keep the tokenizer busy for many seconds.
    const parent = spawn(process.execPath, [script, directory, path, '20000000'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = await once(parent.stdout.setEncoding('utf8'), 'data');
    const childPid = Number(line);
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    expect(isAlive(childPid)).toBe(true);

    parent.kill('SIGKILL');
    await once(parent, 'exit');

    await waitUntil(() => !isAlive(childPid), 2_000);
  });

  it.each(['SIGKILL', 'SIGTERM'] as const)(
    'ends within two seconds after its parent died of %s, in the middle of an answer',
    async (signal) => {
      const { directory } = await findTestRuntime();
      const { path } = await pullModel(testModel, { host: createTestHost() });
      const script = fileURLToPath(new URL('./parent-of-embedded.mjs', import.meta.url));
      const parent = spawn(process.execPath, [script, directory, path], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const [line] = await once(parent.stdout.setEncoding('utf8'), 'data');
      const childPid = Number(line);
      expect(isAlive(childPid)).toBe(true);

      parent.kill(signal);
      await once(parent, 'exit');

      await waitUntil(() => !isAlive(childPid), 2_000);
    },
  );
});
