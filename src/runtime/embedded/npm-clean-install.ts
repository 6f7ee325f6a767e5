import { LlcudaError } from '../../errors/llcuda-error.ts';
import type { Host, RunResult } from '../../host/host.ts';

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
  const result = await host.run('npm', npmArguments, {
    workingDirectory: directory,
    env: withoutOuterNpm(host.env),
    endsWithParent: true,
    signal,
  });
  // npm only warns when it could not write a file of a package, and exits with 0.
  const hasAllFiles = !result.stderr.includes('TAR_ENTRY_ERROR');
  if (result.exitCode === 0 && hasAllFiles) return;
  throw asInstallError(directory, result, options.runtime);
}

/**
 * Under `npx` or `npm run`, npm tells its children about the outer project. This is another one, and it
 * needs no token for models.
 */
function withoutOuterNpm(env: Host['env']): Host['env'] {
  return Object.fromEntries(
    Object.entries(env).filter(
      ([name]) =>
        !/^(?:HF_TOKEN$|npm_(?:package_|lifecycle_|config_(?:local_)?prefix$|command$))/i.test(
          name,
        ),
    ),
  );
}

function asInstallError(directory: string, result: RunResult, runtime: string): LlcudaError {
  const log = result.stderr.trim().split('\n').slice(-LOG_LINES);
  if (/ENOSPC|no space left/i.test(result.stderr)) {
    return new LlcudaError(
      'DISK_FULL',
      `The disk is full: npm could not install into ${directory}`,
      {
        detail: { path: directory },
        hint: 'Free some space, or set LLCUDA_HOME to a folder on another disk.',
      },
    );
  }
  const reason = result.isInstalled ? npmReason(result.stderr) : 'npm is not installed';
  return new LlcudaError('RUNTIME_INSTALL_FAILED', `Cannot install ${runtime}: ${reason}`, {
    detail: { runtime, reason, log },
    hint: result.isInstalled
      ? 'Check the network and the npm registry setting, then run the same command again.'
      : 'Install npm: it comes with Node.js from nodejs.org (Debian: `apt install npm`).',
  });
}

/** npm prints `npm error code ECODE` first. */
function npmReason(stderr: string): string {
  const code = /^npm (?:error|ERR!) code (\S+)/m.exec(stderr)?.[1];
  if (code !== undefined) return `npm ci failed with ${code}`;
  return stderr.includes('TAR_ENTRY_ERROR') ? 'npm could not write every file' : 'npm ci failed';
}
