import type { Host } from '../../host/host.ts';

/** Runs git without the user's configuration: hooks, filters and templates of theirs have no place here. */
export async function runGit(
  host: Host,
  args: readonly string[],
  options: { readonly workingDirectory: string; readonly signal?: AbortSignal | undefined },
): Promise<{
  readonly text: string | undefined;
  readonly isInstalled: boolean;
  readonly error: string;
}> {
  const env = {
    ...host.env,
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_TERMINAL_PROMPT: '0',
  };
  const result = await host.run('git', args, { ...options, env, endsWithParent: true });
  return {
    text: result.exitCode === 0 ? result.stdout.trim() : undefined,
    isInstalled: result.isInstalled,
    error: result.stderr.trim().split('\n').at(-1) ?? '',
  };
}
