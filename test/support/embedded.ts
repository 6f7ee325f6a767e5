import { createNodeHost } from '../../src/host/create-node-host.ts';
import type { Host } from '../../src/host/host.ts';
import {
  ensureEmbeddedRuntime,
  type EmbeddedRuntime,
} from '../../src/runtime/embedded/ensure-embedded-runtime.ts';
import { testStore } from './test-store.ts';

/** This machine, with a store of the test's choice. */
export function createTestHost(
  store: string = testStore,
  env: Readonly<Record<string, string>> = {},
): Host {
  return { ...createNodeHost(), env: { ...process.env, LLCUDA_HOME: store, HF_TOKEN: '', ...env } };
}

/** The runtime that global-setup.ts installed. */
export async function findTestRuntime(): Promise<EmbeddedRuntime> {
  return ensureEmbeddedRuntime({ host: createTestHost(), onProgress: () => undefined });
}

/** Whether a process with this id is still there. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Waits until a condition holds; rejects after the time given. */
export async function waitUntil(condition: () => boolean, timeoutMs: number): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  while (!condition()) {
    if (performance.now() > deadline) throw new Error(`not true after ${timeoutMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
