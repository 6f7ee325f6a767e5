import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import type { Host } from '../../src/host/host.ts';
import { listRuntimes } from '../../src/runtime/server/list-runtimes.ts';
import { createBundleSite, type BundleSite } from './bundle-site.ts';
import { gpuCode } from './runtime-folder.ts';

/** What nvidia-smi says of a Colab machine. */
export const t4 = 'Tesla T4, 550.54.15, 7.5';

/** Bundles for a T4 by machine code, for others by PTX, for an H100, and for the processor. */
export async function createInstallSite(): Promise<BundleSite> {
  return createBundleSite({
    jit: { build: 6002, fatbins: [gpuCode([80], 75)] },
    native: { build: 6001, fatbins: [gpuCode([75, 80])] },
    hopper: { build: 6003, fatbins: [gpuCode([90])] },
    cpu: { build: 6000 },
  });
}

/** What `llama-server --version` of the active runtime says. */
export async function activeVersion(host: Host): Promise<string | undefined> {
  const active = (await listRuntimes({ host })).find(
    (runtime) => runtime.kind === 'server' && runtime.state === 'active',
  );
  if (active === undefined) return undefined;
  const program = join(active.directory, 'bin', 'llama-server');
  const line = execFileSync('sh', ['-c', `"${program}" --version 2>&1`], { encoding: 'utf8' });
  return /version: (\d+)/.exec(line)?.[1];
}
