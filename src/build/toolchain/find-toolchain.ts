import type { Host } from '../../host/host.ts';
import type { ToolkitChoice } from './choose-toolkit.ts';
import { findCmake, findCompilerCache, findGenerator } from './find-build-tools.ts';
import { findHostCompiler } from './find-host-compiler.ts';
import type { Toolchain } from './toolchain.ts';

export interface ToolchainOptions {
  /** Of `chooseToolkit`. `undefined` for a CPU build. */
  readonly choice: ToolkitChoice | undefined;
  /** What the source asks of cmake: `3.18`. */
  readonly cmakeVersion: string;
  readonly hostCompiler?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Finds every program that a build needs. Throws `TOOLCHAIN_UNUSABLE` for the first that is missing or does not do. */
export async function findToolchain(host: Host, options: ToolchainOptions): Promise<Toolchain> {
  const { choice, cmakeVersion, hostCompiler, signal } = options;
  return {
    toolkit: choice?.toolkit,
    toolkits: choice?.toolkits ?? [],
    cmake: await findCmake(host, cmakeVersion, { signal }),
    generator: await findGenerator(host, { signal }),
    compiler: await findHostCompiler(host, choice?.toolkit, { hostCompiler, signal }),
    compilerCache: await findCompilerCache(host, { signal }),
  };
}
