import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { findToolFile, type CudaTools } from './find-cuda-tools.ts';

export interface Cuobjdump {
  readonly version: '12.4' | '13.5';
  readonly path: string;
}

/** What cuobjdump says of a file, all sections, in its order. */
export interface CuobjdumpListing {
  /** One line an entry: `elf sm_90a, compressed`. */
  readonly entries: readonly string[];
  /** Targets of `--list-elf`. */
  readonly elf: readonly string[];
  /** Targets of `--list-ptx`. */
  readonly ptx: readonly string[];
  readonly messages: string;
}

export function findCuobjdumps(tools: CudaTools): Cuobjdump[] {
  const places = [
    { version: '12.4', item: 'cuobjdump-12.4' },
    { version: '13.5', item: 'cuda-13.5' },
  ] as const;
  return places
    .filter(({ item }) => tools.folders.has(item))
    .map(({ version, item }) => ({ version, path: findToolFile(tools, item, 'cuobjdump') }));
}

export async function listWithCuobjdump(tool: Cuobjdump, path: string): Promise<CuobjdumpListing> {
  const [plain, elf, ptx] = await Promise.all([
    runCuobjdump(tool, ['-all', path]),
    runCuobjdump(tool, ['-all', '--list-elf', path]),
    runCuobjdump(tool, ['-all', '--list-ptx', path]),
  ]);
  return {
    entries: parseEntries(plain.stdout),
    elf: parseNames(elf.stdout),
    ptx: parseNames(ptx.stdout),
    messages: plain.stderr,
  };
}

/** Runs it in `folder`, where it writes what it extracts. Its exit code is not 0 for a file without GPU code too. */
export async function runCuobjdump(
  { path }: Cuobjdump,
  args: readonly string[],
  folder?: string,
): Promise<{ readonly stdout: string; readonly stderr: string }> {
  const child = spawn(path, args, { stdio: ['ignore', 'pipe', 'pipe'], cwd: folder });
  const failed = new Promise<never>((_, reject) => child.once('error', reject));
  const [stdout, stderr] = await Promise.race([
    Promise.all([text(child.stdout), text(child.stderr)]),
    failed,
  ]);
  return { stdout, stderr };
}

/** `ELF file    1: libggml-cuda.1.sm_86.cubin`; without the number when the entry has a name. */
function parseNames(output: string): string[] {
  return [...output.matchAll(/\.(sm_\d+[af]?)\.(?:cubin|ptx)$/gm)].map((match) => match[1]!);
}

/** Blocks of `Fatbin elf code:`, a rule, and lines of properties; indented within a concatenated entry. */
function parseEntries(output: string): string[] {
  const entries: string[][] = [];
  for (const line of output.split('\n').map((row) => row.trim())) {
    const kind = /^Fatbin (\w+) (?:entry )?code:$/.exec(line)?.[1];
    const entry = entries.at(-1);
    if (kind !== undefined) entries.push([kind]);
    else if (entry === undefined) continue;
    else if (/^(?:compressed|has debug info)$/.test(line)) entry.push(`, ${line}`);
    else if (line.startsWith('arch = ')) entry.push(` ${line.slice(7)}`);
    else if (line.startsWith('code version = ') && entry[0] === 'ptx') {
      entry.push(` ${line.slice(16, -1).replace(',', '.')}`);
    } else if (line.startsWith('identifier = ')) entry.push(`, of ${line.slice(13)}`);
    else if (line.startsWith('ptxasOptions = ')) entry.push(`, options ${line.slice(15).trim()}`);
  }
  return entries.map((parts) => parts.join('').replace(/, options $/, ''));
}
