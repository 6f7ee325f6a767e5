import { LlcudaError } from '../../errors/llcuda-error.ts';
import type { Host } from '../../host/host.ts';
import { runNpm, type NpmResult } from '../../host/run-npm.ts';

const LOG_LINES = 15;

export interface NpmOptions {
  readonly host: Host;
  readonly signal?: AbortSignal | undefined;
  /** What is being installed, for messages. */
  readonly runtime: string;
}

/**
 * `npm ci` in a folder with a package.json and a lock file: every package is checked against its
 * integrity hash, and no script of a package runs. Throws `RUNTIME_INSTALL_FAILED` or `DISK_FULL`.
 */
export async function npmCleanInstall(directory: string, options: NpmOptions): Promise<void> {
  const { host, signal } = options;
  const npmArguments = [
    'ci',
    '--omit=optional',
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
    '--no-update-notifier',
    '--loglevel=warn',
    // npm's own pauses between retries are 10 s and 60 s: too long to learn that there is no network.
    '--fetch-retries=2',
    '--fetch-retry-mintimeout=1000',
    '--fetch-retry-maxtimeout=4000',
    '--prefix',
    directory,
  ];
  const result = await runNpm(host, npmArguments, { workingDirectory: directory, signal });
  // npm only warns when it could not write a file of a package, and exits with 0.
  const hasAllFiles = !result.stderr.includes('TAR_ENTRY_ERROR');
  if (result.exitCode === 0 && hasAllFiles) return;
  throw asInstallError(directory, result, options.runtime);
}

function asInstallError(directory: string, result: NpmResult, runtime: string): LlcudaError {
  const log = result.stderr.trim().split('\n').slice(-LOG_LINES);
  if (result.isDiskFull) {
    return new LlcudaError(
      'DISK_FULL',
      `The disk is full: npm could not install into ${directory}`,
      {
        detail: { path: directory },
        hint: 'Free some space, or set LLCUDA_HOME to a folder on another disk.',
      },
    );
  }
  const reason = result.isInstalled ? npmReason(result) : 'npm is not installed';
  return new LlcudaError('RUNTIME_INSTALL_FAILED', `Cannot install ${runtime}: ${reason}`, {
    detail: { runtime, reason, log },
    hint: result.isInstalled
      ? 'Check the network and the npm registry setting, then run the same command again.'
      : 'Install npm: it comes with Node.js from nodejs.org (Debian: `apt install npm`).',
  });
}

function npmReason({ errorCode, stderr }: NpmResult): string {
  if (errorCode !== undefined) return `npm ci failed with ${errorCode}`;
  return stderr.includes('TAR_ENTRY_ERROR') ? 'npm could not write every file' : 'npm ci failed';
}
