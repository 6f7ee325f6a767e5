import { chmod, copyFile, lstat, mkdir, readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Host } from '../host/host.ts';
import { visitBinaries } from '../inspect/visit-binaries.ts';
import type { BuildPlan } from './plan/build-plan.ts';

const EXECUTABLE_MODE = 0o755;

export interface StageOptions {
  readonly host: Host;
  readonly plan: BuildPlan;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Copies what a build made into `bin` and `lib`, stripped: programs, and every library once, under its soname, so that
 * there are no links. Backends that ggml opens by itself lie beside the programs: it looks for them there.
 */
export async function stageRuntime(
  buildDirectory: string,
  directory: string,
  { host, plan, signal }: StageOptions,
): Promise<void> {
  const output = join(buildDirectory, 'bin');
  const bin = join(directory, 'bin');
  const lib = join(directory, 'lib');
  await mkdir(bin, { recursive: true });
  await mkdir(lib);
  const placed: string[] = [];
  for (const name of await listRegular(output)) {
    const source = join(output, name);
    if (plan.programs.includes(name)) placed.push(await place(source, join(bin, name)));
    else if (/\.so(?:\.|$)/.test(name)) {
      const isOpened = plan.cpu === 'all' && /^libggml-(?:cpu|cuda)/.test(name);
      const soname = await readSoname(source, { host, signal });
      placed.push(await place(source, join(isOpened ? bin : lib, soname ?? name)));
    }
  }
  const strip = await host.run('strip', ['--strip-unneeded', ...placed], { signal });
  if (strip.isInstalled && strip.exitCode !== 0) {
    throw new Error(`strip failed: ${strip.stderr.slice(0, 500)}`);
  }
}

async function listRegular(directory: string): Promise<readonly string[]> {
  const names = (await readdir(directory)).sort();
  const stats = await Promise.all(names.map(async (name) => lstat(join(directory, name))));
  return names.filter((_, index) => stats[index]?.isFile());
}

async function place(source: string, destination: string): Promise<string> {
  await copyFile(source, destination);
  await chmod(destination, EXECUTABLE_MODE);
  return destination;
}

async function readSoname(
  path: string,
  options: { readonly host: Host; readonly signal?: AbortSignal | undefined },
): Promise<string | undefined> {
  let soname: string | undefined;
  await visitBinaries(path, options, async ({ code }) => {
    soname = code?.libraries.soname;
  });
  // Out of a file that was just built, but a name all the same.
  return soname !== undefined && soname === basename(soname) ? soname : undefined;
}
