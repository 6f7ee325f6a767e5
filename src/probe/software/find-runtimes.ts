import { isAbsolute, join, resolve } from 'node:path';
import type { Host } from '../../host/host.ts';
import { resolveStore } from '../../runtime/store.ts';
import { askProgram, type AskOptions } from '../ask-program.ts';
import { cleanText, firstLine } from '../clean-text.ts';
import type { RuntimeFacts } from '../facts/runtime-facts.ts';
import type { LoaderPath } from '../libraries/loader-path.ts';
import { findProgram } from './find-program.ts';
import { readRuntimeBinaries } from './read-runtime-binaries.ts';

interface Candidate {
  readonly path: string;
  readonly foundBy: RuntimeFacts['foundBy'];
}

const RUNTIME_LIMIT = 16;

/** Every llama.cpp that llcuda could use here, in the order in which it would take them. */
export async function findRuntimes(
  host: Host,
  loader: LoaderPath,
  options: AskOptions = {},
): Promise<readonly RuntimeFacts[]> {
  const [servers, stored] = await Promise.all([listServers(host), listStore(host)]);
  const seen = new Set<string>();
  const runtimes: Promise<RuntimeFacts>[] = [];
  for (const candidate of [...servers, ...stored.servers].slice(0, RUNTIME_LIMIT)) {
    const realPath = (await host.findEntry(candidate.path))?.realPath;
    if (realPath !== undefined && seen.has(realPath)) continue;
    if (realPath !== undefined) seen.add(realPath);
    runtimes.push(describeServer(host, { ...candidate, realPath, loader }, options));
  }
  return [...(await Promise.all(runtimes)), ...stored.embedded];
}

async function listServers(host: Host): Promise<readonly Candidate[]> {
  const { LLAMA_SERVER_PATH: server, LLAMA_CPP_DIR: folder } = host.env;
  const name = host.platform === 'win32' ? 'llama-server.exe' : 'llama-server';
  const found: Candidate[] = [];
  if (server) {
    found.push({ path: resolve(host.workingDirectory, server), foundBy: 'LLAMA_SERVER_PATH' });
  }
  if (folder) {
    const root = resolve(host.workingDirectory, folder);
    const places = ['build/bin', 'bin', '.'].map((place) => join(root, place, name));
    const entries = await Promise.all(places.map(async (path) => host.findEntry(path)));
    const path =
      places.find((_, at) => entries[at]?.kind === 'file') ?? join(root, 'build/bin', name);
    found.push({ path, foundBy: 'LLAMA_CPP_DIR' });
  }
  const onPath = await findProgram(host, 'llama-server');
  return onPath === undefined ? found : [...found, { path: onPath, foundBy: 'path' }];
}

interface Stored {
  readonly servers: readonly Candidate[];
  readonly embedded: readonly RuntimeFacts[];
}

async function listStore(host: Host): Promise<Stored> {
  const { runtimes } = resolveStore(host);
  const names = (await host.list(runtimes)).slice(0, RUNTIME_LIMIT);
  const servers: Candidate[] = [];
  const embedded: RuntimeFacts[] = [];
  for (const name of names) {
    const folder = join(runtimes, name);
    const inside = await host.list(folder);
    // Written last: without it, it is an install that did not come to its end.
    if (inside.includes('llcuda-runtime.json')) embedded.push(describeEmbedded(folder));
    else if (inside.includes('bin')) {
      servers.push({ path: join(folder, 'bin', 'llama-server'), foundBy: 'store' });
    }
  }
  return { servers, embedded };
}

/** It is for the processor alone; its own check is to load it. */
function describeEmbedded(path: string): RuntimeFacts {
  const nothing = { build: undefined, commit: undefined, problem: undefined };
  return {
    kind: 'embedded',
    foundBy: 'store',
    path,
    exists: true,
    ...nothing,
    binaries: [],
    hasCuda: false,
  };
}

interface FoundServer extends Candidate {
  readonly realPath: string | undefined;
  readonly loader: LoaderPath;
}

async function describeServer(
  host: Host,
  { path, foundBy, realPath, loader }: FoundServer,
  options: AskOptions,
): Promise<RuntimeFacts> {
  const shared = { kind: 'server', foundBy, path: realPath ?? path } as const;
  if (realPath === undefined || !isAbsolute(realPath)) {
    const problem = 'There is no such file.';
    return { ...shared, exists: false, ...noVersion, problem, binaries: [], hasCuda: false };
  }
  const [version, binaries] = await Promise.all([
    askVersion(host, realPath, options),
    readRuntimeBinaries(host, realPath, loader),
  ]);
  const hasCuda = binaries.some(
    ({ path: file, evidence }) =>
      /ggml-cuda/.test(file) || evidence?.code.fatbins.some(({ isStub }) => !isStub) === true,
  );
  return { ...shared, exists: true, ...version, binaries, hasCuda };
}

const noVersion = { build: undefined, commit: undefined };

/** It looks for GPUs before it says its version, which takes seconds: for this question it is to find none. */
async function askVersion(
  host: Host,
  path: string,
  options: AskOptions,
): Promise<Pick<RuntimeFacts, 'build' | 'commit' | 'problem'>> {
  const result = await askProgram(host, [path, '--version'], {
    ...options,
    env: { CUDA_VISIBLE_DEVICES: '-1' },
  });
  const said = `${result.stderr}\n${result.stdout}`;
  const version = parseServerVersion(said);
  if (version !== undefined) return { ...version, problem: undefined };
  if (!result.isInstalled) return { ...noVersion, problem: 'It cannot be started.' };
  if (result.isTimedOut === true) return { ...noVersion, problem: 'It did not answer in time.' };
  const ended = result.signal === undefined ? undefined : `It died of ${cleanText(result.signal)}.`;
  return { ...noVersion, problem: firstLine(said) ?? ended ?? 'It did not say its version.' };
}

/** `version: 6869 (7a50cf388)`. */
export function parseServerVersion(
  text: string,
): { readonly build: number; readonly commit: string | undefined } | undefined {
  const match = /^version: (\d{1,7})(?: \(([\da-f]{4,40}|unknown)\))?/m.exec(
    text.slice(0, 100_000),
  );
  if (match?.[1] === undefined) return undefined;
  return { build: Number(match[1]), commit: match[2] === 'unknown' ? undefined : match[2] };
}
