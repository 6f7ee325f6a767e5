import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { LlcudaError } from '../errors/llcuda-error.ts';
import type { Host } from './host.ts';
import { runNpm, type NpmResult } from './run-npm.ts';

const LOG_LINES = 12;

/**
 * Fetches a package (`NAME@VERSION`) with the npm client, which checks its hash, and gives the path of the .tgz. None of
 * its scripts run. Throws `PACKAGE_FETCH_FAILED`, `DISK_FULL`.
 */
export async function packNpmPackage(
  spec: string,
  directory: string,
  { host, signal }: { readonly host: Host; readonly signal?: AbortSignal | undefined },
): Promise<string> {
  const npmArguments = [
    'pack',
    spec,
    '--pack-destination',
    directory,
    '--ignore-scripts',
    '--no-update-notifier',
    '--loglevel=error',
    // npm's own pauses between attempts are 10 and 60 seconds.
    '--fetch-retries=2',
    '--fetch-retry-mintimeout=500',
    '--fetch-retry-maxtimeout=2000',
  ];
  const result = await runNpm(host, npmArguments, { workingDirectory: directory, signal });
  const archive = (await readdir(directory)).find((name) => name.endsWith('.tgz'));
  if (result.exitCode === 0 && archive !== undefined) return join(directory, archive);
  throw asPackageError(spec, directory, result);
}

function asPackageError(spec: string, directory: string, result: NpmResult): LlcudaError {
  if (result.isDiskFull) {
    return new LlcudaError('DISK_FULL', `The disk is full: npm could not store ${spec}`, {
      detail: { path: directory },
      hint: 'Free some space, or set LLCUDA_HOME to a folder on another disk.',
    });
  }
  const code = result.errorCode;
  const failure = code === undefined ? 'npm pack failed' : `npm pack failed with ${code}`;
  const reason = result.isInstalled ? failure : 'npm is not installed';
  return new LlcudaError('PACKAGE_FETCH_FAILED', `Cannot fetch ${spec}: ${reason}`, {
    detail: {
      package: spec,
      client: 'npm',
      ...(result.exitCode !== undefined && { exitCode: result.exitCode }),
      log: result.stderr.trim().split('\n').slice(-LOG_LINES),
    },
    hint: result.isInstalled
      ? 'Check the name, the version, the network and the npm registry setting.'
      : 'Install npm: it comes with Node.js from nodejs.org (Debian: `apt install npm`).',
  });
}
