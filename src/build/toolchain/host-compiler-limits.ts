import { compareCudaVersions, type CudaVersion } from '../../units/cuda-version.ts';

/** The newest host compilers that a toolkit accepts, by their major version. */
export interface CompilerLimits {
  readonly gcc: number;
  readonly clang: number;
}

interface LimitRow extends CompilerLimits {
  readonly first: CudaVersion;
}

/**
 * Each row holds up to the next one. From the CUDA installation guides, "Host Compiler Support Policy", as collected in
 * gist.github.com/ax3l/9489132; 13.0 and 13.5 from their own crt/host_config.h.
 */
export const compilerLimits: readonly LimitRow[] = [
  { first: { major: 11, minor: 0 }, gcc: 9, clang: 9 },
  { first: { major: 11, minor: 1 }, gcc: 10, clang: 10 },
  { first: { major: 11, minor: 2 }, gcc: 10, clang: 11 },
  { first: { major: 11, minor: 4 }, gcc: 11, clang: 12 },
  { first: { major: 11, minor: 6 }, gcc: 11, clang: 13 },
  { first: { major: 11, minor: 8 }, gcc: 11, clang: 14 },
  { first: { major: 12, minor: 0 }, gcc: 12, clang: 14 },
  { first: { major: 12, minor: 1 }, gcc: 12, clang: 15 },
  { first: { major: 12, minor: 3 }, gcc: 12, clang: 16 },
  { first: { major: 12, minor: 4 }, gcc: 13, clang: 17 },
  { first: { major: 12, minor: 6 }, gcc: 13, clang: 18 },
  { first: { major: 12, minor: 8 }, gcc: 14, clang: 19 },
  { first: { major: 13, minor: 0 }, gcc: 15, clang: 20 },
  { first: { major: 13, minor: 5 }, gcc: 16, clang: 22 },
];

/** What the table says; for toolkits older than it, the oldest row. */
export function findCompilerLimits(toolkit: CudaVersion): CompilerLimits {
  const row = compilerLimits.findLast(({ first }) => compareCudaVersions(first, toolkit) <= 0);
  return row ?? compilerLimits[0] ?? { gcc: 9, clang: 9 };
}

/** What a toolkit's own crt/host_config.h refuses: it knows best. `undefined` where it does not say. */
export function parseCompilerLimits(hostConfig: string): Partial<CompilerLimits> | undefined {
  const gcc = /#if __GNUC__ > (\d+)/.exec(hostConfig)?.[1];
  const clang = /unsupported clang version! clang version must be less than (\d+)/.exec(
    hostConfig,
  )?.[1];
  if (gcc === undefined && clang === undefined) return undefined;
  return {
    ...(gcc !== undefined && { gcc: Number(gcc) }),
    ...(clang !== undefined && { clang: Number(clang) - 1 }),
  };
}
