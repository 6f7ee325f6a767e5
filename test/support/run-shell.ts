import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { testStore } from './test-store.ts';

/** Runs a line of bash, with the shared test store; for redirections that only a shell can do. */
export async function runShell(
  line: string,
): Promise<{ readonly exitCode: number | null; readonly stdout: string; readonly stderr: string }> {
  const child = spawn('bash', ['-c', line], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, LLCUDA_HOME: testStore },
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const [exitCode] = await once(child, 'close');
  return { exitCode, stdout, stderr };
}
