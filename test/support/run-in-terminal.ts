import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { llcudaBin } from './run-llcuda.ts';
import { testStore } from './test-store.ts';

/**
 * Runs llcuda in a real terminal (a pseudo-terminal of `script`), types each line once the prompt is
 * there (Enter follows, but not after Ctrl+D), and gives everything that came to the screen.
 */
export async function runInTerminal(
  args: readonly string[],
  lines: readonly string[],
): Promise<string> {
  const command = [process.execPath, llcudaBin, ...args].map((part) => `'${part}'`).join(' ');
  const child = spawn('script', ['-qec', `${command}; echo exit code $?`, '/dev/null'], {
    env: { ...process.env, LLCUDA_HOME: testStore, TERM: 'xterm' },
  });
  let screen = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (screen += text));
  for (const line of lines) {
    const seen = screen.length;
    while (!screen.slice(seen).includes('> ')) {
      if (child.exitCode !== null) throw new Error(`llcuda ended early: ${screen}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    child.stdin.write(line.endsWith('\u0004') ? line : `${line}\r`);
  }
  await once(child, 'close');
  return screen;
}
