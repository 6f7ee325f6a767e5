import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { LlcudaError } from '../../errors/llcuda-error.ts';
import { findFileSize } from '../../files/find-file-size.ts';
import { hashFile } from '../../files/hash-file.ts';
import { packNpmPackage } from '../../host/pack-npm-package.ts';
import { resolveStore } from '../../runtime/store.ts';
import { toolchainError } from '../toolchain/toolchain-error.ts';
import type { BuildSource } from './build-source.ts';
import { pinnedSource } from './pinned-source.ts';
import { placeSource } from './place-source.ts';
import { readSourceTree } from './read-source-tree.ts';
import type { SourceOptions } from './source-options.ts';
import { runGit } from './run-git.ts';
import { sourceError } from './source-error.ts';

const NAME = `${pinnedSource.package}@${pinnedSource.version}`;

/**
 * The pinned source, unpacked into the store: from the embedded runtime where that is installed, else fetched by npm.
 * Package, bundle and commit are checked against their pins.
 */
export async function unpackPinnedSource(options: SourceOptions): Promise<BuildSource> {
  const { bundleSha256: sha256, commit } = pinnedSource;
  const directory = await placeSource(sha256, options, async (tree, staging, signal) => {
    const bundle =
      (await findInstalledBundle(options)) ?? (await fetchBundle(staging, { ...options, signal }));
    options.onProgress?.({ type: 'step', message: `Unpacking llama.cpp out of ${NAME}` });
    await checkOut(bundle, tree, { ...options, signal });
  });
  const tree = await readSourceTree(directory, NAME);
  return { kind: 'npm', name: NAME, directory, commit, isModified: false, sha256, ...tree };
}

/** The embedded runtime of this version has the same bundle: no need to fetch it a second time. */
async function findInstalledBundle({ host, signal }: SourceOptions): Promise<string | undefined> {
  const { runtimes } = resolveStore(host);
  const names = await readdir(runtimes).catch(() => []);
  for (const name of names.filter((item) => item.startsWith(`embedded-${pinnedSource.version}-`))) {
    const folder = join(runtimes, name, 'node_modules', pinnedSource.package);
    const bundle = join(folder, pinnedSource.bundlePath);
    if ((await findFileSize(bundle)) === undefined) continue;
    if ((await hashFile(bundle, 'sha256', { signal })) === pinnedSource.bundleSha256) return bundle;
  }
  return undefined;
}

async function fetchBundle(staging: string, options: SourceOptions): Promise<string> {
  options.onProgress?.({ type: 'step', message: `Fetching ${NAME} with npm` });
  const archive = await packNpmPackage(NAME, staging, options);
  checkPin(await hashFile(archive, 'sha512', options), pinnedSource.integrity);
  const tar = await import('tar');
  const member = `package/${pinnedSource.bundlePath}`;
  await tar.x({ file: archive, cwd: staging, strict: true }, [member]);
  await rm(archive);
  const bundle = join(staging, member);
  checkPin(await hashFile(bundle, 'sha256', options), pinnedSource.bundleSha256);
  return bundle;
}

function checkPin(actual: string, expected: string): void {
  if (actual === expected) return;
  throw sourceError(NAME, `its hash is ${actual}, not the pinned ${expected}`, {
    hint: 'Check the npm registry setting: what it gave is not what was published.',
  });
}

async function checkOut(
  bundle: string,
  directory: string,
  { host, signal }: SourceOptions,
): Promise<void> {
  const git = { workingDirectory: directory, signal };
  const steps = [
    ['init', '--quiet', '--template='],
    ['fetch', '--quiet', '--depth=1', bundle, 'HEAD'],
    ['-c', 'advice.detachedHead=false', 'checkout', '--quiet', 'FETCH_HEAD'],
  ];
  for (const step of steps) {
    const { text, isInstalled, error } = await runGit(host, step, git);
    if (!isInstalled) throw gitMissing();
    if (/No space left on device/i.test(error)) throw diskFull(directory);
    if (text === undefined) throw sourceError(NAME, `git ${step[0]} failed: ${error}`);
  }
  const { text: commit } = await runGit(host, ['rev-parse', 'HEAD'], git);
  if (commit !== pinnedSource.commit) {
    throw sourceError(NAME, `its commit is ${commit}, not the pinned ${pinnedSource.commit}`);
  }
  await rm(join(directory, '.git'), { recursive: true });
}

function gitMissing(): LlcudaError {
  return toolchainError(
    'git was not found: the pinned source is a git bundle',
    { tool: 'git', problem: 'missing' },
    'Install it (Debian: `apt install git`), or name a source with --source.',
  );
}

function diskFull(path: string): LlcudaError {
  return new LlcudaError('DISK_FULL', `The disk is full: git could not write ${path}`, {
    detail: { path },
    hint: 'Free some space, or set LLCUDA_HOME to a folder on another disk.',
  });
}
