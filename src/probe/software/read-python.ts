import { dirname, join } from 'node:path';
import type { Host } from '../../host/host.ts';
import { askProgram, type AskOptions } from '../ask-program.ts';
import { cleanText } from '../clean-text.ts';
import type { PythonFacts, TorchFacts } from '../facts/tool-facts.ts';
import { findProgram } from './find-program.ts';

/** Finds packages without importing them: PyTorch takes seconds to import. */
const PROGRAM =
  'import sys, importlib.util as u; print("version=" + ".".join(map(str, sys.version_info[:3]))); ' +
  '[print(name + "=" + path) for name in ("torch", "nvidia") for spec in [u.find_spec(name)] if spec ' +
  'for path in spec.submodule_search_locations or []]';

/** Parts of NVIDIA's wheels: of CUDA 13 in one folder, of 12 and 11 in one for each part. */
const wheelFolders: ReadonlySet<string> = new Set([
  'cu13',
  'cuda_runtime',
  'cuda_nvcc',
  'cublas',
  'nccl',
]);

/** The Python on PATH, its PyTorch and NVIDIA's wheels in it. `undefined` when there is none. */
export async function readPython(
  host: Host,
  options: AskOptions = {},
): Promise<PythonFacts | undefined> {
  const found = await findProgram(host, 'python3');
  if (found === undefined) return undefined;
  const path = await resolveShim(host, found);
  const { stdout } = await askProgram(host, [path, '-c', PROGRAM], options);
  const answer = parsePythonAnswer(stdout);
  const nvidia = await Promise.all(
    answer.nvidia.map(async (folder) =>
      (await host.list(folder))
        .filter((name) => wheelFolders.has(name))
        .map((name) => join(folder, name)),
    ),
  );
  const [torchFolder] = answer.torch;
  return {
    path,
    version: answer.version,
    torch:
      torchFolder === undefined
        ? undefined
        : parseTorchVersion((await host.readText(join(torchFolder, 'version.py'))) ?? ''),
    nvidiaFolders: nvidia.flat(),
  };
}

/** pyenv puts a shell script in its place, which takes longer than Python itself. */
async function resolveShim(host: Host, path: string): Promise<string> {
  if (!path.endsWith('/shims/python3') || host.env['PYENV_VERSION'] !== undefined) return path;
  const root = dirname(dirname(path));
  const [chosen] = ((await host.readText(join(root, 'version'))) ?? '').split('\n');
  const version = /^\d[\w.]{1,20}$/.exec(chosen?.trim() ?? '')?.[0];
  if (version === undefined) return path;
  const real = join(root, 'versions', version, 'bin', 'python3');
  return (await host.findEntry(real)) === undefined ? path : real;
}

export interface PythonAnswer {
  readonly version: string | undefined;
  readonly torch: readonly string[];
  readonly nvidia: readonly string[];
}

export function parsePythonAnswer(output: string): PythonAnswer {
  const lines = output.slice(0, 20_000).split(/\r?\n/);
  const valuesOf = (name: string): readonly string[] =>
    lines
      .filter((line) => line.startsWith(`${name}=`))
      .flatMap((line) => cleanText(line.slice(name.length + 1)) ?? [])
      .slice(0, 8);
  const version = valuesOf('version')[0];
  return {
    version: /^\d+(?:\.\d+){1,2}$/.test(version ?? '') ? version : undefined,
    torch: valuesOf('torch'),
    nvidia: valuesOf('nvidia'),
  };
}

/** torch/version.py: `__version__ = '2.8.0+cu128'`, `cuda: Optional[str] = '12.8'` or `None`. */
export function parseTorchVersion(text: string): TorchFacts {
  const head = text.slice(0, 4000);
  return {
    version: /^__version__ = ['"]([\w.+]{1,60})['"]/m.exec(head)?.[1],
    cuda: /^cuda(?:: ?[\w[\]. |]{1,40})? = ['"]([\d.]{1,20})['"]/m.exec(head)?.[1],
  };
}
