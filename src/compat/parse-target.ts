import { LlcudaError } from '../errors/llcuda-error.ts';
import { parseComputeCapability } from '../units/compute-capability.ts';
import { parseCudaVersion, type CudaVersion } from '../units/cuda-version.ts';
import { parseDriverVersion } from '../units/driver-version.ts';
import { findCudaVersion } from './find-cuda-version.ts';
import { findGpu, suggestGpus } from './find-gpu.ts';
import { isTegraGpu } from './is-tegra.ts';
import type { HostDriver, HostDevice, HostGpu, OperatingSystem } from './host-device.ts';

/** What `--for` names. What it leaves out is `undefined`. */
export interface Target {
  readonly gpu: HostGpu | undefined;
  readonly driver: HostDriver | undefined;
  readonly os: OperatingSystem | undefined;
  /** `host` is among the parts: the rest comes from this machine. */
  readonly isHost: boolean;
}

type Key = 'gpu' | 'driver' | 'cuda' | 'os' | 'host';

/**
 * Reads `t4,driver=550.54.15`, `"rtx 4090,cuda=12.4,os=windows"`, `sm_75,cuda=12.4`, `host`, `host,driver=590`. With both
 * `driver` and `cuda`, the CUDA version is the one given. Throws `TARGET_INVALID`.
 */
export function parseTarget(text: string): Target {
  const parts = new Map<Key, string>();
  for (const part of text.split(',')) {
    const [key, value] = splitPart(part, text);
    if (parts.has(key)) throw invalid(text, `${key} is given twice`);
    parts.set(key, value);
  }
  const gpu = parseGpu(parts.get('gpu'), text);
  if (gpu && isTegraGpu(gpu) && parts.has('driver') && !parts.has('cuda')) {
    const hint = 'Give the CUDA version of its JetPack instead: `cuda=12.6`.';
    throw invalid(text, "a Jetson's driver version does not tell its CUDA version", hint);
  }
  return {
    gpu,
    driver: parseDriver(parts, text),
    os: parseOs(parts.get('os'), text),
    isHost: parts.has('host'),
  };
}

/**
 * Makes a target whole. What it leaves out comes from this machine if the target says `host`; the operating system is
 * then `linux` if nothing else says. Throws `TARGET_INVALID` where the GPU or the driver is still not known.
 */
export function resolveTarget(target: Target, text: string, thisHost?: HostDevice): HostDevice {
  const base = target.isHost ? thisHost : undefined;
  if (target.isHost && base === undefined) {
    throw invalid(text, 'this machine has no NVIDIA GPU with a driver');
  }
  const gpu = target.gpu ?? base?.gpu;
  const driver = target.driver ?? base?.driver;
  if (gpu === undefined)
    throw invalid(text, 'no GPU is named', 'Add one: `t4`, "rtx 4090" or `7.5`.');
  if (driver === undefined) {
    throw invalid(text, 'no driver is named', 'Add `driver=550.54.15` or `cuda=12.4`.');
  }
  return { ...base, gpu, driver, os: target.os ?? base?.os ?? 'linux' };
}

function splitPart(part: string, text: string): readonly [Key, string] {
  const trimmed = part.trim();
  if (trimmed === '') throw invalid(text, 'a part is empty');
  if (trimmed.toLowerCase() === 'host') return ['host', ''];
  const [name = '', ...rest] = trimmed.split('=');
  if (rest.length === 0) return ['gpu', trimmed];
  const key = name.trim().toLowerCase();
  if (key === 'gpu' || key === 'driver' || key === 'cuda' || key === 'os') {
    return [key, rest.join('=').trim()];
  }
  throw invalid(text, `${key} is not a known key`, 'The keys are gpu, driver, cuda and os.');
}

function parseGpu(name: string | undefined, text: string): HostGpu | undefined {
  if (name === undefined) return undefined;
  const capability = parseComputeCapability(name);
  if (capability !== undefined) return { capability };
  const row = findGpu(name);
  if (row !== undefined) {
    const { isTegra, isDataCenter } = row;
    return { capability: row.capability, name: row.name, isTegra, isDataCenter };
  }
  const suggestions = suggestGpus(name);
  const hint =
    suggestions.length > 0
      ? `Did you mean ${suggestions.join(', or ')}?`
      : 'Give its compute capability instead: `8.9`.';
  throw invalid(text, `no GPU is known as ${name}`, hint);
}

function parseDriver(parts: ReadonlyMap<Key, string>, text: string): HostDriver | undefined {
  const version = parts.get('driver');
  const cuda = parts.get('cuda');
  const given = cuda === undefined ? undefined : parseCuda(cuda, text);
  if (version === undefined) return given && { cudaVersion: given };
  const driver = parseDriverVersion(version);
  if (driver === undefined) {
    throw invalid(text, `${version} is not a driver version`, 'Write it as `550.54.15` or `550`.');
  }
  const cudaVersion = given ?? findCudaVersion(driver);
  if (cudaVersion !== undefined) return { version, cudaVersion };
  throw invalid(text, `driver ${version} is older than any that llcuda knows (418)`);
}

function parseCuda(text: string, whole: string): CudaVersion {
  const cuda = parseCudaVersion(text);
  if (cuda !== undefined) return cuda;
  throw invalid(whole, `${text} is not a CUDA version`, 'Write it as `12.4`.');
}

function parseOs(os: string | undefined, text: string): OperatingSystem | undefined {
  const name = os?.toLowerCase();
  if (name === undefined || name === 'linux' || name === 'windows') return name;
  throw invalid(text, `${name} is not a known operating system`, 'Write linux or windows.');
}

function invalid(text: string, reason: string, hint?: string): LlcudaError {
  return new LlcudaError('TARGET_INVALID', `Cannot use "${text}" as a target: ${reason}`, {
    detail: { text, reason },
    hint: hint ?? 'Write for example `t4,driver=550.54.15` or `8.9,cuda=12.4,os=windows`.',
  });
}
