import { spawnSync } from 'node:child_process';

/** Runs a program to its end and gives its stdout; throws with the last lines of stderr. */
export function runCommand(command, args, { cwd, env, timeoutMs = 600_000 } = {}) {
  const result = spawnSync(command, args, {
    cwd,
    env: { ...process.env, ...env },
    encoding: 'utf8',
    maxBuffer: 256 << 20,
    timeout: timeoutMs,
  });
  if (result.error !== undefined) throw new Error(`${command}: ${result.error.message}`);
  if (result.status === 0) return result.stdout;
  const lines = `${result.stderr}${result.stdout}`.trim().split('\n').slice(-4).join('\n  ');
  throw new Error(
    `${command} ${args.slice(0, 2).join(' ')} ended with ${result.status}\n  ${lines}`,
  );
}
