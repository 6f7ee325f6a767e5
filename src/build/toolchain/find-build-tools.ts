import type { Host } from '../../host/host.ts';
import type { FoundTool, Toolchain } from './toolchain.ts';
import { toolchainError } from './toolchain-error.ts';

const TIMEOUT_MS = 20_000;

interface Options {
  readonly signal?: AbortSignal | undefined;
}

/** cmake, not older than a source needs. Throws `TOOLCHAIN_UNUSABLE`. */
export async function findCmake(
  host: Host,
  required: string,
  options: Options = {},
): Promise<FoundTool> {
  const cmake = await readTool(
    host,
    { name: 'cmake', pattern: /cmake version (\d+[\d.]*)/ },
    options,
  );
  if (cmake === undefined) {
    const hint = 'Install it (Debian: `apt install cmake`; anywhere: `pip install cmake`).';
    throw toolchainError(
      'cmake was not found',
      { tool: 'cmake', problem: 'missing', required },
      hint,
    );
  }
  if (isAtLeast(cmake.version, required)) return cmake;
  throw toolchainError(
    `cmake ${cmake.version} is too old: this source needs ${required}`,
    { tool: 'cmake', problem: 'too-old', found: cmake.version, required },
    'Install a newer one: `pip install --upgrade cmake`, or from cmake.org.',
  );
}

/** ninja, else make. Throws `TOOLCHAIN_UNUSABLE` when there is neither. */
export async function findGenerator(
  host: Host,
  options: Options = {},
): Promise<Toolchain['generator']> {
  for (const name of ['ninja', 'ninja-build']) {
    const ninja = await readTool(host, { name, pattern: /^(\d+[\d.]*)/ }, options);
    if (ninja !== undefined) return { name: 'Ninja', ...ninja };
  }
  const make = await readTool(host, { name: 'make', pattern: /GNU Make (\d+[\d.]*)/ }, options);
  if (make !== undefined) return { name: 'Unix Makefiles', ...make };
  throw toolchainError(
    'Neither ninja nor make was found',
    { tool: 'ninja', problem: 'missing' },
    'Install ninja (Debian: `apt install ninja-build`; anywhere: `pip install ninja`).',
  );
}

/** ccache, else sccache; a build works without. */
export async function findCompilerCache(
  host: Host,
  options: Options = {},
): Promise<FoundTool | undefined> {
  return (
    (await readTool(host, { name: 'ccache', pattern: /ccache version (\d+[\d.]*)/ }, options)) ??
    (await readTool(host, { name: 'sccache', pattern: /sccache (\d+[\d.]*)/ }, options))
  );
}

async function readTool(
  host: Host,
  { name, pattern }: { readonly name: string; readonly pattern: RegExp },
  { signal }: Options,
): Promise<FoundTool | undefined> {
  const result = await host.run(name, ['--version'], { timeoutMs: TIMEOUT_MS, signal });
  const version = result.exitCode === 0 ? pattern.exec(result.stdout)?.[1] : undefined;
  return version === undefined ? undefined : { path: name, version };
}

function isAtLeast(found: string, required: string): boolean {
  const [left, right] = [found, required].map((text) => text.split('.').map(Number));
  for (let index = 0; index < 3; index += 1) {
    const difference = (left?.[index] ?? 0) - (right?.[index] ?? 0);
    if (difference !== 0) return difference > 0;
  }
  return true;
}
