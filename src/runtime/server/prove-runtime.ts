import { LlcudaError } from '../../errors/llcuda-error.ts';
import type { Host } from '../../host/host.ts';
import { stripControlCharacters } from '../../units/strip-control-characters.ts';
import type { LlamaCppVersion } from '../bundle/bundle-manifest.ts';
import { askServerVersion, lastLines, serverProgramPath } from './ask-server-version.ts';

/** The first use of a GPU starts its driver, which can take a while. */
const DEVICES_TIMEOUT_MS = 120_000;

export interface ProveOptions {
  readonly host: Host;
  /** What messages call it. */
  readonly name: string;
  readonly os: 'linux' | 'windows';
  /** It has to find a GPU: one that it was judged to run on. */
  readonly needsGpu: boolean;
  readonly signal?: AbortSignal | undefined;
}

export interface RuntimeProof {
  readonly llamaCpp: LlamaCppVersion;
  /** GPUs that it found, as it names them. */
  readonly devices: readonly string[];
}

/**
 * Starts a runtime to see that it can be: its program must say its version, and where it is for a GPU, list one. Throws
 * `RUNTIME_INSTALL_FAILED` with what it printed.
 */
export async function proveRuntime(
  directory: string,
  options: ProveOptions,
): Promise<RuntimeProof> {
  const { host, os, signal, needsGpu } = options;
  const program = serverProgramPath(directory, os);
  const asked = await askServerVersion(program, { host, signal });
  if (asked.llamaCpp === undefined) throw failed(options, asked.failure, asked.log);
  if (!needsGpu) return { llamaCpp: asked.llamaCpp, devices: [] };
  const run = { timeoutMs: DEVICES_TIMEOUT_MS, signal };
  const { exitCode, stdout, stderr } = await host.run(program, ['--list-devices'], run);
  const devices = parseDevices(`${stdout}\n${stderr}`);
  if (exitCode === 0 && devices.length > 0) return { llamaCpp: asked.llamaCpp, devices };
  const reason = exitCode === 0 ? 'it finds no GPU' : 'it cannot list the GPUs';
  throw failed(options, reason, lastLines(`${stdout}\n${stderr}`));
}

/** `  CUDA0: NVIDIA H100 80GB HBM3 (81079 MiB, 80555 MiB free)`. */
function parseDevices(text: string): readonly string[] {
  return text
    .split('\n')
    .flatMap((line) => /^\s+CUDA\d+: (.{1,200})$/.exec(line)?.[1] ?? [])
    .map((name) => stripControlCharacters(name).replace(/ \([^)]*\)$/, ''));
}

function failed({ name }: ProveOptions, reason: string, log: readonly string[]): LlcudaError {
  return new LlcudaError(
    'RUNTIME_INSTALL_FAILED',
    `The runtime ${name} does not start: ${reason}`,
    {
      detail: { runtime: name, reason, log },
      hint: 'The runtime that was active before still is. `llcuda explain` may know what it printed.',
    },
  );
}
