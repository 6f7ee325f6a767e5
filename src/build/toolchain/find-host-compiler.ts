import { join } from 'node:path';
import type { Host } from '../../host/host.ts';
import {
  findCompilerLimits,
  parseCompilerLimits,
  type CompilerLimits,
} from './host-compiler-limits.ts';
import type { FoundCompiler, FoundToolkit } from './toolchain.ts';
import { toolchainError } from './toolchain-error.ts';

const TIMEOUT_MS = 20_000;
/** The first that build llama.cpp, which is C++17 with <filesystem>. */
const LOWEST: CompilerLimits = { gcc: 8, clang: 9 };

export interface CompilerOptions {
  /** A C++ compiler to use: `g++-13`. @defaultValue the first that is new enough and that nvcc accepts */
  readonly hostCompiler?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * A C++ compiler that builds llama.cpp, and that nvcc of this toolkit accepts. CUDAHOSTCXX and CXX come first, then
 * `g++`, then other versions of PATH, the newest first. Throws `TOOLCHAIN_UNUSABLE`.
 */
export async function findHostCompiler(
  host: Host,
  toolkit: FoundToolkit | undefined,
  options: CompilerOptions = {},
): Promise<FoundCompiler> {
  const limits = toolkit && (await readLimits(host, toolkit));
  const { CUDAHOSTCXX, CXX } = host.env;
  const asked = options.hostCompiler ?? CUDAHOSTCXX ?? CXX;
  const names = asked ? [asked] : await listNames(host);
  const refused: FoundCompiler[] = [];
  for (const name of names) {
    const compiler = await readCompiler(host, name, options.signal);
    if (compiler === undefined) continue;
    if (isAccepted(compiler, limits)) return compiler;
    refused.push(compiler);
  }
  throw asError({ asked, refused, toolkit, limits });
}

/** The toolkit's own header, else the table. */
async function readLimits(host: Host, toolkit: FoundToolkit): Promise<CompilerLimits> {
  const places = ['include', 'targets/x86_64-linux/include'].map((folder) =>
    join(toolkit.root, folder, 'crt', 'host_config.h'),
  );
  for (const path of places) {
    const limits = parseCompilerLimits((await host.readText(path)) ?? '');
    if (limits !== undefined) return { ...findCompilerLimits(toolkit.version), ...limits };
  }
  return findCompilerLimits(toolkit.version);
}

async function listNames(host: Host): Promise<readonly string[]> {
  const folders = (host.env['PATH'] ?? '').split(':').filter((folder) => folder.startsWith('/'));
  const names = (await Promise.all(folders.map((folder) => host.list(folder)))).flat();
  const versioned = (prefix: string): readonly string[] =>
    [...new Set(names)]
      .filter(
        (name) => name.startsWith(`${prefix}-`) && /^\d+$/.test(name.slice(prefix.length + 1)),
      )
      .sort(
        (left, right) =>
          Number(right.slice(prefix.length + 1)) - Number(left.slice(prefix.length + 1)),
      );
  return ['g++', 'c++', ...versioned('g++'), 'clang++', ...versioned('clang++')];
}

async function readCompiler(
  host: Host,
  cxx: string,
  signal: AbortSignal | undefined,
): Promise<FoundCompiler | undefined> {
  const result = await host.run(cxx, ['--version'], { timeoutMs: TIMEOUT_MS, signal });
  if (result.exitCode !== 0) return undefined;
  const clang = /clang version (\d+[\d.]*)/.exec(result.stdout)?.[1];
  // `g++ (Debian 12.2.0-14+deb12u1) 12.2.0`: the version is the last number of the first line.
  const gcc = /^.*\) (\d+\.[\d.]+)/.exec(result.stdout)?.[1];
  const version = clang ?? gcc;
  if (version === undefined) return undefined;
  const kind = clang === undefined ? 'gcc' : 'clang';
  const c = cxx
    .replace(/clang\+\+/, 'clang')
    .replace(/g\+\+/, 'gcc')
    .replace(/c\+\+$/, 'cc');
  return { kind, cxx, c, version };
}

function isAccepted(compiler: FoundCompiler, limits: CompilerLimits | undefined): boolean {
  const major = Number.parseInt(compiler.version, 10);
  if (major < LOWEST[compiler.kind]) return false;
  return limits === undefined || major <= limits[compiler.kind];
}

function asError(facts: {
  readonly asked: string | undefined;
  readonly refused: readonly FoundCompiler[];
  readonly toolkit: FoundToolkit | undefined;
  readonly limits: CompilerLimits | undefined;
}): Error {
  const { asked, refused, toolkit, limits } = facts;
  const [first] = refused;
  if (first === undefined) {
    const what = asked === undefined ? 'No C++ compiler was found' : `${asked} does not answer`;
    const hint = 'Install one (Debian: `apt install g++`).';
    return toolchainError(what, { tool: asked ?? 'g++', problem: 'missing' }, hint);
  }
  const found = refused.map(({ cxx, version }) => `${cxx} ${version}`).join(', ');
  const isOld = Number.parseInt(first.version, 10) < LOWEST[first.kind];
  if (isOld || limits === undefined || toolkit === undefined) {
    const required = `gcc ${LOWEST.gcc} or clang ${LOWEST.clang}`;
    const message = `The C++ compiler is too old for llama.cpp: ${found}`;
    const hint = `Install ${required} or newer (Debian: \`apt install g++\`).`;
    return toolchainError(message, { tool: first.cxx, problem: 'too-old', found, required }, hint);
  }
  const required = `gcc up to ${limits.gcc}, clang up to ${limits.clang}`;
  return toolchainError(
    `nvcc ${toolkit.release} refuses this host compiler: ${found}; it takes ${required}`,
    { tool: first.cxx, problem: 'refused', found, required },
    `Install an older one (Debian: \`apt install g++-${limits.gcc}\`) or a newer toolkit, then name it with --host-compiler.`,
  );
}
