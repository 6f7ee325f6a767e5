import type { Host, RunResult } from './host.ts';

export interface NpmResult extends RunResult {
  /** What npm prints as `npm error code ECODE`. */
  readonly errorCode: string | undefined;
  readonly isDiskFull: boolean;
}

export interface NpmRunOptions {
  readonly workingDirectory: string;
  readonly signal?: AbortSignal | undefined;
}

/** Runs the npm client for a project of its own, ended with this process, and reads what it says of a failure. */
export async function runNpm(
  host: Host,
  args: readonly string[],
  { workingDirectory, signal }: NpmRunOptions,
): Promise<NpmResult> {
  const env = withoutOuterNpm(host.env);
  const options = { workingDirectory, env, endsWithParent: true, signal };
  const result = await host.run('npm', args, options);
  return {
    ...result,
    errorCode: /^npm (?:error|ERR!) code (\S+)/m.exec(result.stderr)?.[1],
    isDiskFull: /ENOSPC|no space left/i.test(result.stderr),
  };
}

/**
 * Under `npx` or `npm run`, npm tells its children about the outer project. This is another one, and it
 * needs no token for models.
 */
function withoutOuterNpm(env: Host['env']): Host['env'] {
  const outer = /^(?:HF_TOKEN$|npm_(?:package_|lifecycle_|config_(?:local_)?prefix$|command$))/i;
  return Object.fromEntries(Object.entries(env).filter(([name]) => !outer.test(name)));
}
