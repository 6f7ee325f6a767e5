import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { createNodeHost } from '../../src/host/create-node-host.ts';
import type { ProgressEvent } from '../../src/events/progress-event.ts';
import type { Host } from '../../src/host/host.ts';
import { testModel, testStore } from './test-store.ts';

/** Builds dist/ (child processes and the command line run from there) and fetches runtime and model. */
export async function setup(): Promise<void> {
  const root = fileURLToPath(new URL('../..', import.meta.url));
  execFileSync(process.execPath, ['scripts/build.mjs'], { cwd: root, stdio: 'inherit' });
  const { ensureEmbeddedRuntime } =
    await import('../../src/runtime/embedded/ensure-embedded-runtime.ts');
  const { pullModel } = await import('../../src/model/pull-model.ts');
  const host: Host = { ...createNodeHost(), env: { ...process.env, LLCUDA_HOME: testStore } };
  const onProgress = (event: ProgressEvent): void => {
    if ('message' in event) console.error(event.message);
  };
  await ensureEmbeddedRuntime({ host, onProgress });
  await pullModel(testModel, { host, onProgress });
}
