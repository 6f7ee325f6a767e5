import { findCudaVersion } from '../compat/find-cuda-version.ts';
import { findGpu } from '../compat/find-gpu.ts';
import type { HostDevice } from '../compat/host-device.ts';
import type { Host } from '../host/host.ts';
import { parseComputeCapability } from '../units/compute-capability.ts';
import { parseDriverVersion } from '../units/driver-version.ts';

const SMI_TIMEOUT_MS = 15_000;

/**
 * What the rules need to know of this machine, once for each kind of NVIDIA GPU in it, as nvidia-smi tells it. Empty
 * where there is none with a driver. Never throws, other than when the signal fires.
 */
export async function findHostDevices(
  host: Host,
  options: { readonly signal?: AbortSignal | undefined } = {},
): Promise<readonly HostDevice[]> {
  for (const [command, fields] of queries) {
    const query = [`--query-gpu=${fields}`, '--format=csv,noheader'];
    const runOptions = { timeoutMs: SMI_TIMEOUT_MS, signal: options.signal };
    const { exitCode, stdout } = await host.run(command, query, runOptions);
    if (exitCode !== 0) continue;
    const kinds = new Set(stdout.split('\n').map((line) => line.trim()));
    const facts = [...kinds]
      .map((line) => parseLine(line, host))
      .filter((row) => row !== undefined);
    if (facts.length > 0) return facts;
  }
  return [];
}

/** WSL2 keeps it off PATH in some shells; drivers before 510 do not know the last field. */
const queries = [
  ['nvidia-smi', 'name,driver_version,compute_cap'],
  ['nvidia-smi', 'name,driver_version'],
  ['/usr/lib/wsl/lib/nvidia-smi', 'name,driver_version,compute_cap'],
] as const;

/** `NVIDIA H100 80GB HBM3, 580.159.04, 9.0`. */
function parseLine(line: string, host: Host): HostDevice | undefined {
  const [name = '', version = '', capabilityText = ''] = line.split(',').map((part) => part.trim());
  const row = findGpu(name);
  const capability = parseComputeCapability(capabilityText) ?? row?.capability;
  const cudaVersion = findCudaVersion(parseDriverVersion(version) ?? []);
  if (capability === undefined || cudaVersion === undefined) return undefined;
  const { isTegra, isDataCenter } = row ?? {};
  return {
    gpu: { capability, name, isTegra, isDataCenter, isKnownToDriver: true },
    driver: { version, cudaVersion },
    os: host.platform === 'win32' ? 'windows' : 'linux',
    environment: {
      forcePtxJit: host.env['CUDA_FORCE_PTX_JIT'] === '1',
      disablePtxJit: host.env['CUDA_DISABLE_PTX_JIT'] === '1',
    },
  };
}
