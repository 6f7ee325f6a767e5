import { stat } from 'node:fs/promises';
import { relative } from 'node:path';
import { findFiles } from '../files/find-files.ts';
import { hashFile } from '../files/hash-file.ts';
import type { GateResult } from './gate/check-runtime-folder.ts';
import type { BuildPlan, CudaPlan } from './plan/build-plan.ts';
import type { BuildSource } from './source/build-source.ts';
import type { Toolchain } from './toolchain/toolchain.ts';

/** Written last into the folder of a built runtime: without it, it is none. */
export const BUILD_MANIFEST = 'build.json';

/** `build.json`: what was built, of what, with what, and what the gate said. No time and no path of this machine's user. */
export interface BuildManifest {
  readonly schemaVersion: 1;
  readonly kind: 'server';
  readonly platform: string;
  readonly arch: string;
  readonly llamaCpp: {
    readonly version?: string;
    readonly commit?: string;
    readonly source: string;
    readonly sha256?: string;
    readonly isModified: boolean;
  };
  readonly backend: BuildPlan['backend'];
  readonly cpu: string;
  readonly glibc?: string;
  readonly cuda?: CudaPlan;
  readonly toolchain: {
    readonly cuda?: string;
    readonly compiler: string;
    readonly cmake: string;
    readonly generator: string;
  };
  /** Those of the plan; the toolchain's paths are left out. */
  readonly cmakeOptions: readonly string[];
  readonly gate: { readonly files: number; readonly fatbins: number };
  readonly programs: readonly string[];
  /** Sorted by path; `build.json` is not among them. */
  readonly files: readonly BuiltFile[];
}

export interface BuiltFile {
  readonly path: string;
  readonly sizeBytes: number;
  readonly mode: string;
  readonly sha256: string;
}

export async function createBuildManifest(
  directory: string,
  parts: {
    readonly plan: BuildPlan;
    readonly source: BuildSource;
    readonly toolchain: Toolchain;
    readonly gate: GateResult;
    readonly programs: readonly string[];
    readonly host: { readonly platform: string; readonly arch: string };
  },
): Promise<BuildManifest> {
  const { plan, source, toolchain, gate, programs, host } = parts;
  const { version, commit, name, sha256, isModified } = source;
  const { compiler, cmake, generator, toolkit } = toolchain;
  return {
    schemaVersion: 1,
    kind: 'server',
    platform: host.platform,
    arch: host.arch,
    llamaCpp: {
      ...(version !== undefined && { version }),
      ...(commit !== undefined && { commit }),
      source: source.kind === 'npm' ? name : source.kind,
      ...(sha256 !== undefined && { sha256 }),
      isModified,
    },
    backend: plan.backend,
    cpu: plan.cpu,
    ...(plan.glibc !== undefined && { glibc: plan.glibc }),
    ...(plan.cuda !== undefined && { cuda: plan.cuda }),
    toolchain: {
      ...(toolkit !== undefined && { cuda: toolkit.release }),
      compiler: `${compiler.kind} ${compiler.version}`,
      cmake: cmake.version,
      generator: `${generator.name} ${generator.version}`,
    },
    cmakeOptions: plan.cmakeOptions,
    gate: { files: gate.files, fatbins: gate.fatbins },
    programs,
    files: await listFiles(directory),
  };
}

async function listFiles(directory: string): Promise<readonly BuiltFile[]> {
  const files = await findFiles(directory);
  return Promise.all(
    files.map(async ({ path }) => {
      const { size, mode } = await stat(path);
      const sha256 = await hashFile(path, 'sha256');
      const text = (mode & 0o777).toString(8).padStart(4, '0');
      return { path: relative(directory, path), sizeBytes: size, mode: text, sha256 };
    }),
  );
}
