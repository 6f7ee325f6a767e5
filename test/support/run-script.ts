import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';

export interface ScriptProcess extends AsyncDisposable {
  readonly child: ChildProcess;
  /** Resolves once stdout holds the text; rejects when the process ends first. */
  waitFor(text: string): Promise<void>;
  readonly exited: Promise<{ exitCode: number | null; stdout: string; stderr: string }>;
}

/** The URL of a module of the built package, for the import of a script. */
export function builtModule(path: string): string {
  return new URL(`../../dist/${path}`, import.meta.url).href;
}

/** Runs an ES module given as text in a process of its own; it is killed at the end of the scope. */
export function startScript(source: string, args: readonly string[] = []): ScriptProcess {
  const child = spawn(process.execPath, ['--input-type=module', '--eval', source, '--', ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const exited = once(child, 'close').then(() => ({ exitCode: child.exitCode, stdout, stderr }));
  return {
    child,
    exited,
    async waitFor(text) {
      while (!stdout.includes(text)) {
        if (child.exitCode !== null || child.signalCode !== null) {
          throw new Error(`the script ended before ${text}: ${stdout}\n${stderr}`);
        }
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    },
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await exited;
    },
  };
}
