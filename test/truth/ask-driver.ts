import { spawn } from 'node:child_process';
import { readdirSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { json, text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { findToolFile, type CudaTools } from './find-cuda-tools.ts';

/** PTX, and the GPU to compile it for: `sm_75`. */
export interface PtxQuestion {
  readonly ptx: string;
  readonly gpu: string;
}

export interface PtxAnswer {
  /** Of nvPTXCompiler.h: 0 success, 3 invalid invocation or refused, 7 unsupported PTX version. */
  readonly status: number;
  readonly log: string;
}

export interface DriverAnswers {
  /** What cuDriverGetVersion gives: 12040. */
  readonly cuda: number;
  readonly answers: readonly PtxAnswer[];
}

/** One driver's user libraries. */
export interface DriverLibraries {
  /** Of the libraries' own file names: `550.163.01`. */
  readonly version: string;
  readonly libcuda: string;
  readonly compiler: string;
  /** Where these and the libraries that they load are. */
  readonly folders: readonly string[];
}

const program = fileURLToPath(new URL('ask-ptx-compiler.py', import.meta.url));

/** The drivers in the cache. */
export function findDrivers(tools: CudaTools): DriverLibraries[] {
  const items = [...tools.folders].filter(([name]) => name.startsWith('driver-'));
  return items.map(([name, folder]) => {
    const libcuda = realpathSync(findToolFile(tools, name, 'libcuda.so.1'));
    const compiler = realpathSync(findToolFile(tools, name, 'libnvidia-ptxjitcompiler.so.1'));
    const entries = readdirSync(folder, { recursive: true, encoding: 'utf8' });
    const libraries = entries.filter((entry) => entry.includes('.so'));
    const folders = [...new Set(libraries.map((entry) => dirname(join(folder, entry))))];
    return { version: libcuda.split('libcuda.so.')[1]!, libcuda, compiler, folders };
  });
}

/** Asks a driver's own compiler, which needs no GPU. A process of its own: two drivers in one would mix. */
export async function askDriver(
  driver: DriverLibraries,
  questions: readonly PtxQuestion[],
): Promise<DriverAnswers> {
  const { libcuda, compiler } = driver;
  const child = spawn('python3', [program], {
    env: { ...process.env, LD_LIBRARY_PATH: driver.folders.join(':') },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const closed = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  child.stdin.end(JSON.stringify({ libcuda, compiler, questions }));
  const [stderr, answers] = await Promise.all([
    text(child.stderr),
    json(child.stdout).catch(() => undefined),
  ]);
  if ((await closed) !== 0) throw new Error(`driver ${driver.version}: ${stderr}`);
  return answers as DriverAnswers;
}
