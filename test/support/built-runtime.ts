import { buildRuntime, findBuiltRuntime } from '../../src/build/build-runtime.ts';
import type { BuildOptions } from '../../src/build/build-options.ts';
import { createTestHost } from './embedded.ts';

/** A first build takes five minutes on two cores. */
export const BUILD_TIMEOUT_MS = 3_600_000;

/**
 * A llama-server for the CPU that `llcuda build` made of the pinned source. It is kept in the store of the tests, under
 * a name that its source, options and toolchain give, and built when it is not there.
 */
export async function ensureBuiltRuntime(): Promise<string> {
  const options: BuildOptions = {
    host: createTestHost(),
    backend: 'cpu',
    source: 'npm',
    programs: ['llama-server'],
  };
  return (await findBuiltRuntime(options)) ?? (await buildRuntime(options)).directory;
}
