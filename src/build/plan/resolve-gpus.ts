import { gpuTable } from '../../compat/gpu-table.ts';
import type { HostDevice, HostGpu } from '../../compat/host-device.ts';
import { parseTarget } from '../../compat/parse-target.ts';
import { LlcudaError } from '../../errors/llcuda-error.ts';
import { formatComputeCapability } from '../../units/compute-capability.ts';
import type { CudaVersion } from '../../units/cuda-version.ts';
import { chooseTarget } from './choose-target.ts';
import { gpuPresets, type GpuPreset } from './gpu-presets.ts';

export interface NamedGpu {
  /** As it was asked for, or as the machine or the preset calls it. */
  readonly name: string;
  readonly gpu: HostGpu;
}

export interface ResolvedGpus {
  /** Each capability once, lowest first. */
  readonly gpus: readonly NamedGpu[];
  readonly presets: readonly GpuPreset[];
  /** This machine, where `native` was asked for. */
  readonly devices: readonly HostDevice[];
}

export interface GpuContext {
  readonly toolkit: CudaVersion;
  /** The NVIDIA GPUs of this machine, for `native`. */
  readonly devices: readonly HostDevice[];
}

/**
 * Reads what `--gpu` says: names, capabilities, presets, `native` (the GPUs of this machine) and `all` (every GPU that
 * the toolkit can make machine code for, Jetsons left out). Throws `TARGET_INVALID`, and `GPU_NOT_FOUND` for `native`
 * on a machine without one.
 */
export function resolveGpus(texts: readonly string[], context: GpuContext): ResolvedGpus {
  const words = texts.flatMap((text) => text.split(',')).map((word) => stripQuotes(word.trim()));
  const presets = words.flatMap(
    (word) => gpuPresets.find(({ name }) => name === word.toLowerCase()) ?? [],
  );
  const gpus = words.flatMap((word) => resolveWord(word, context));
  const distinct = new Map<string, NamedGpu>();
  for (const named of gpus) {
    const key = `${named.gpu.capability}${named.gpu.isTegra === true}`;
    if (!distinct.has(key)) distinct.set(key, named);
  }
  return {
    gpus: [...distinct.values()].sort((left, right) => left.gpu.capability - right.gpu.capability),
    presets,
    devices: words.includes('native') ? context.devices : [],
  };
}

function resolveWord(word: string, { toolkit, devices }: GpuContext): readonly NamedGpu[] {
  const preset = gpuPresets.find(({ name }) => name === word.toLowerCase());
  if (preset !== undefined) return preset.gpus.map((name) => parseName(name));
  if (word === 'native') return requireDevices(devices);
  if (word !== 'all') return [parseName(word)];
  return gpuTable
    .filter(({ isTegra }) => !isTegra)
    .map(({ name, capability, isTegra, isDataCenter }) => ({
      name,
      gpu: { name, capability, isTegra, isDataCenter },
    }))
    .filter(({ gpu }) => chooseTarget(gpu, toolkit) !== undefined);
}

function requireDevices(devices: readonly HostDevice[]): readonly NamedGpu[] {
  if (devices.length === 0) {
    throw new LlcudaError('GPU_NOT_FOUND', '`native` was asked for, and no NVIDIA GPU is here', {
      detail: { hidden: false },
      hint: 'Name the GPU that the build is for: `--gpu t4`, or `--backend cpu`.',
    });
  }
  return devices.map(({ gpu }) => ({
    name: gpu.name ?? formatComputeCapability(gpu.capability),
    gpu,
  }));
}

function parseName(text: string): NamedGpu {
  const { gpu } = parseTarget(text === '' ? text : `gpu=${text}`);
  if (gpu !== undefined) return { name: gpu.name ?? formatComputeCapability(gpu.capability), gpu };
  const reason = 'it names no GPU';
  throw new LlcudaError('TARGET_INVALID', `Cannot use "${text}": ${reason}`, {
    detail: { text, reason },
  });
}

function stripQuotes(word: string): string {
  return word.replace(/^(["'])(.*)\1$/, '$2');
}
