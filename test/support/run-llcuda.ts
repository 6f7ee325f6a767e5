import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { testStore } from './test-store.ts';

export const llcudaBin: string = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));

export interface LlcudaOptions {
  /** Added to an environment without GPU variables and with the shared test store. */
  readonly env?: Readonly<Record<string, string>>;
  /** What stdin holds. @defaultValue nothing, closed at once */
  readonly input?: string;
  /** Leaves stdin open after the input, as a terminal does. */
  readonly keepInputOpen?: boolean;
  readonly workingDirectory?: string;
}

export interface LlcudaProcess {
  readonly child: ChildProcess;
  /** Everything written so far. */
  readonly stdout: () => string;
  readonly stderr: () => string;
  readonly exited: Promise<LlcudaResult>;
  /** Resolves once stdout or stderr holds the text; rejects when the process ends first. */
  waitFor(text: string | RegExp): Promise<void>;
}

export interface LlcudaResult {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the built command line to its end. */
export async function runLlcuda(
  args: readonly string[],
  options: LlcudaOptions = {},
): Promise<LlcudaResult> {
  return startLlcuda(args, options).exited;
}

export function startLlcuda(args: readonly string[], options: LlcudaOptions = {}): LlcudaProcess {
  const child = spawn(process.execPath, [llcudaBin, ...args], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, LLCUDA_HOME: testStore, HF_TOKEN: '', ...options.env },
    ...(options.workingDirectory !== undefined && { cwd: options.workingDirectory }),
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  child.stdin.on('error', () => undefined);
  child.stdin.write(options.input ?? '');
  if (options.keepInputOpen !== true) child.stdin.end();
  const exited = once(child, 'close').then(([exitCode, signal]) => ({
    exitCode,
    signal,
    stdout,
    stderr,
  }));
  const waitFor = async (text: string | RegExp): Promise<void> => {
    const isThere = (): boolean =>
      [stdout, stderr].some((output) =>
        typeof text === 'string' ? output.includes(text) : text.test(output),
      );
    while (!isThere()) {
      if (child.exitCode !== null || child.signalCode !== null) {
        throw new Error(`llcuda ended before ${String(text)}: ${stdout}\n${stderr}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  };
  return { child, stdout: () => stdout, stderr: () => stderr, exited, waitFor };
}
